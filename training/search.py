"""Greedy search, sampling and beam search over a decoder's `step`, many pictures at once."""

import torch
from torch import Tensor

from model import MAX_TOKENS
from vocabulary import BOS, EOS, PAD, UNK

NEVER = [PAD, BOS, UNK]
LENGTH_PENALTY = 0.7  # score = log-probability / tokens ** LENGTH_PENALTY, the end counted


def count_pictures(memory: dict) -> int:
    first = next(iter(memory.values()))
    return (first[0] if isinstance(first, list) else first).shape[0]


@torch.no_grad()
def sample(model, memory: dict, each: int = 1, greedy: bool = False, generator=None) -> Tensor:
    """`each` captions a picture -> ids [pictures * each, length], PAD after EOS."""
    rows = count_pictures(memory) * each
    state = model.begin(memory, rows)
    ids = torch.full((rows,), BOS)
    done = torch.zeros(rows, dtype=torch.bool)
    out = []
    for _ in range(MAX_TOKENS - 1):
        logits, state, _ = model.step(memory, state, ids)
        logits[:, NEVER] = -1e9
        ids = logits.argmax(-1) if greedy else torch.multinomial(logits.softmax(-1), 1, generator=generator).squeeze(1)
        ids = ids.masked_fill(done, PAD)
        out.append(ids)
        done = done | (ids == EOS)
        ids = ids.masked_fill(done, EOS)
        if done.all():
            break
    return torch.stack(out, 1)


@torch.no_grad()
def beam(model, memory: dict, beams: int = 3, penalty: float = LENGTH_PENALTY) -> list[list[tuple[float, list[int]]]]:
    """Per picture the finished hypotheses, best first: (score, ids without BOS and EOS). A picture ends when it has
    `beams` of them."""
    pictures = count_pictures(memory)
    rows = pictures * beams
    state = model.begin(memory, rows)
    ids = torch.full((rows,), BOS)
    scores = torch.full((pictures, beams), -1e9)
    scores[:, 0] = 0
    words: list[list[int]] = [[] for _ in range(rows)]
    finished: list[list[tuple[float, list[int]]]] = [[] for _ in range(pictures)]
    for at in range(MAX_TOKENS - 1):
        logits, state, _ = model.step(memory, state, ids)
        logits[:, NEVER] = -1e9
        size = logits.shape[-1]
        total = scores.unsqueeze(-1) + logits.log_softmax(-1).view(pictures, beams, size)
        values, best = total.flatten(1).topk(2 * beams)
        parents, tokens, alive = [], [], []
        for p, (v, b) in enumerate(zip(values.tolist(), best.tolist())):
            kept, searching = 0, len(finished[p]) < beams
            for rank, (score, index) in enumerate(zip(v, b)):
                row, token = p * beams + index // size, index % size
                if kept == beams:
                    break
                if token == EOS:
                    # Among the best alone: what ends behind them would not have been kept either.
                    if searching and rank < beams:
                        finished[p].append((score / (at + 1) ** penalty, words[row]))
                    continue
                parents.append(row)
                tokens.append(token)
                alive.append(score)
                kept += 1
        words = [[*words[row], token] for row, token in zip(parents, tokens)]
        ids = torch.tensor(tokens)
        scores = torch.tensor(alive).view(pictures, beams)
        state = model.select(state, torch.tensor(parents))
        if all(len(f) >= beams for f in finished):
            break
    for p in range(pictures):
        if not finished[p]:
            finished[p] = [(scores[p, 0].item() / MAX_TOKENS**penalty, words[p * beams])]
        finished[p].sort(key=lambda h: -h[0])
    return finished
