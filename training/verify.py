"""Compares the exported graphs with PyTorch and writes golden.json: what the captioner must say about free photographs.

    python verify.py --checkpoint FILE --presence FILE --model DIR --photos DIR

The photographs are those of `e2e/pictures/squashed`, which the tests of the page read too. golden.json holds per photograph
the sha256 of its squashed RGB bytes, its five best classes, and for greedy search and beam 3 the token ids, their log-probabilities and where
each word looked, and what the policy makes of it; all from PyTorch, with weights rounded as they were exported.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from dataset import sum_classes
from export import EncoderGraph, round_weights
from features import pixels, session, squash
from policy import Policy
from presence import load_presence
from search import beam, sample
from train import load
from vocabulary import BOS, EOS, read_labels

LOGITS_TOLERANCE = 2e-3


def trace(model, memory: dict, ids: list[int]) -> tuple[list[float], list[list[float]]]:
    """The log-probability of every token (the end too) and the attention it was chosen with."""
    state, token, scores, maps = model.begin(memory, 1), BOS, [], []
    for following in [*ids, EOS]:
        logits, state, attention = model.step(memory, state, torch.tensor([token]))
        scores.append(round(logits.log_softmax(-1)[0, following].item(), 5))
        maps.append([round(v, 5) for v in attention[0].tolist()])
        token = following
    return scores, maps


def run_onnx(folder: Path, picture: np.ndarray, ids: list[int]) -> tuple[np.ndarray, list[np.ndarray]]:
    """The exported graphs fed with given tokens: labels, logits of every step."""
    encoder, decoder = (session(folder / f"{name}.onnx", 1) for name in ("encoder", "decoder"))
    made = dict(zip([o.name for o in encoder.get_outputs()], encoder.run(None, {"pixels": picture[None]})))
    memory = {k: v for k, v in made.items() if k.startswith("memory.")}
    state = {k: v for k, v in made.items() if k.startswith("state.")}
    names = [o.name for o in decoder.get_outputs()]
    logits = []
    for token in [BOS, *ids]:
        out = dict(zip(names, decoder.run(None, {"ids": np.array([token]), **memory, **state})))
        state = {k.replace("next.", "state."): v for k, v in out.items() if k.startswith("next.")}
        logits.append(out["logits"][0])
    return made["labels"][0], logits


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("checkpoint", "presence", "model", "photos"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    args = parser.parse_args()
    model, vocabulary, _ = load(args.checkpoint)
    presence, witnesses = load_presence(args.presence)
    policy = Policy(vocabulary, witnesses)
    whole = EncoderGraph(model, presence).eval()
    round_weights(whole)
    classes_of = torch.tensor(read_labels()["classes"])
    golden, worst = [], 0.0
    for photo in sorted(args.photos.iterdir()):
        name = photo.name
        squashed = squash(Image.open(photo).convert("RGB"))
        picture = pixels(squashed).astype(np.float32)
        grid, classes = whole.encoder(torch.from_numpy(picture)[None])
        memory = model.remember(grid, sum_classes(classes, classes_of))
        greedy = [i for i in sample(model, memory, greedy=True)[0].tolist() if i > EOS]
        best = beam(model, memory)[0]
        entry = {
            "file": name,
            "sha256": hashlib.sha256(np.asarray(squashed).tobytes()).hexdigest(),
            "labels": [[i, round(p, 5)] for p, i in zip(*(t.tolist() for t in classes[0].topk(5)))],
        }
        for kind, ids in (("greedy", greedy), ("beam", best[0][1])):
            scores, maps = trace(model, memory, ids)
            entry[kind] = {"text": " ".join(vocabulary.decode(ids)), "ids": ids, "logProbs": scores, "attention": maps}
        entry["beam"]["score"] = round(best[0][0], 5)
        entry["alternatives"] = [{"ids": ids, "score": round(score, 5)} for score, ids in best]
        said = policy.describe(model, memory, sum_classes(classes, classes_of)[0], whole.presence(grid)[0].sigmoid())
        entry["policy"] = {
            "text": said.text,
            "ids": said.tokens,
            "mean": round(said.mean, 5),
            "forced": said.forced,
            "short": said.short,
            "confidence": round(said.confidence, 4),
            "unsure": said.unsure,
        }
        entry["presence"] = [round(p, 4) for p in whole.presence(grid)[0].sigmoid().tolist()]
        golden.append(entry)
        labels, logits = run_onnx(args.model, picture, best[0][1])
        for step, token in enumerate([*best[0][1], EOS]):
            row = torch.from_numpy(logits[step]).log_softmax(-1)
            worst = max(worst, abs(row[token].item() - entry["beam"]["logProbs"][step]))
        worst = max(worst, float(np.abs(labels - classes[0].numpy()).max()))
        print(f"{name}: {entry['beam']['text']} | {said.text} ({said.confidence:.2f}; worst so far {worst:.5f})")
    assert worst < LOGITS_TOLERANCE, f"the graphs differ from PyTorch by {worst}"
    (args.model / "golden.json").write_text(json.dumps({"photographs": golden}) + "\n")


if __name__ == "__main__":
    main()
