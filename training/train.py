"""Trains a decoder on cross-entropy. Every epoch leaves a checkpoint, the last three are kept; `--resume` goes on from any. The
rate is planned for `epochs`; `until` ends sooner.

    python train.py --config config/caption.json --data DIR --features DIR --out DIR [--resume FILE] [--threads 2]
"""

import argparse
import json
import math
import random
import time
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F

from dataset import Pictures, Swapper, pad_captions
from metrics.bleu import bleu
from metrics.cider import cider_d
from model import Config, build
from search import sample
from vocabulary import Vocabulary, read_labels


def load(path: Path, averaged: bool = True) -> tuple[torch.nn.Module, Vocabulary, dict]:
    """The model of a checkpoint (its averaged weights), its vocabulary, and the checkpoint."""
    saved = torch.load(path, weights_only=True)
    vocabulary = Vocabulary(saved["vocabulary"])
    model = build(Config(**saved["model"]), vocabulary, read_labels())
    model.load_state_dict(saved["averaged" if averaged else "weights"])
    return model.eval(), vocabulary, saved


def save(path: Path, model, averaged: dict, vocabulary: Vocabulary, optimizer, epoch: int) -> None:
    part = path.with_suffix(".part")
    torch.save(
        {
            "model": asdict(model.config),
            "vocabulary": vocabulary.tokens,
            "weights": model.state_dict(),
            "averaged": averaged,
            "optimizer": optimizer.state_dict(),
            "epoch": epoch,
        },
        part,
    )
    part.rename(path)


def greedy_scores(model, pictures: Pictures, vocabulary: Vocabulary, count: int) -> tuple[float, float, list[str]]:
    """BLEU-4 and CIDEr-D of greedy captions of the first `count` pictures, and the captions."""
    captions = []
    for at in range(0, count, 50):
        picks = [("plain", i) for i in range(at, min(at + 50, count))]
        with torch.no_grad():
            memory = model.remember(*pictures.features(picks))
        captions += [vocabulary.decode(ids) for ids in sample(model, memory, greedy=True).tolist()]
    references = pictures.captions[:count]
    return bleu(captions, references)[3], cider_d(captions, references)[0], [" ".join(c) for c in captions]


def conclude(
    out: Path, name: str, epoch: int, report: str, model, average: "Average", vocabulary: Vocabulary, optimizer, dev: Pictures, judged: int
) -> None:
    """Ends an epoch: writes its checkpoint, keeps the last three, and prints `report` with what dev says of it."""
    path = out / f"{name}{epoch:02d}.pt"
    save(path, model, average.weights, vocabulary, optimizer, epoch)
    (out / f"{name}{epoch - 3:02d}.pt").unlink(missing_ok=True)
    judge, _, _ = load(path)
    b4, score, said = greedy_scores(judge, dev, vocabulary, judged)
    print(f"{name} {epoch}: {report}; greedy dev BLEU-4 {100 * b4:.2f}, CIDEr {score:.3f} | {said[0]} | {said[1]}", flush=True)


class Average:
    """An exponential moving average of the weights, which is what is evaluated and shipped."""

    def __init__(self, model, decay: float, start: dict | None = None) -> None:
        self.weights = {k: (start or model.state_dict())[k].clone() for k in model.state_dict()}
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, model) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        pairs = [(self.weights[k], v) for k, v in model.state_dict().items() if v.is_floating_point()]
        torch._foreach_lerp_([a for a, _ in pairs], [b for _, b in pairs], 1 - decay)


def groups(model, decay: float) -> list[dict]:
    """Weight decay on matrices alone."""
    matrices = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() <= 1]
    return [{"params": matrices, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "data", "features", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, help="stop after so many steps (to measure speed)")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    settings = json.loads(args.config.read_text())
    how = settings["train"]
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(how["seed"])

    train, dev = Pictures(args.features, args.data, "train"), Pictures(args.features, args.data, "dev")
    names = [label["name"] for label in read_labels()["labels"]]
    vocabulary = Vocabulary.build([c for group in train.captions for c in group], names, how["least_count"])
    longest = how.get("longest", 10**6)  # an LSTM's batch takes as long as its longest caption
    captions = [[vocabulary.encode(c) for c in group if len(c) <= longest] for group in train.captions]
    captions = [group or [[vocabulary.encode(c) for c in whole][0]] for group, whole in zip(captions, train.captions)]
    model = build(Config(**settings["model"]), vocabulary, read_labels())
    optimizer = torch.optim.AdamW(groups(model, how["weight_decay"]), lr=how["rate"], betas=(0.9, 0.98), fused=True)
    average, first = Average(model, how["average"]), 0
    if args.resume:
        saved = torch.load(args.resume, weights_only=True)
        model.load_state_dict(saved["weights"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"] + 1
        average = Average(model, how["average"], saved["averaged"])
        average.updates = 10**6
    size = how["pictures"]
    per_epoch = len(captions) // size
    total, warm = per_epoch * how["epochs"], how["warm_steps"]
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(vocabulary)} tokens, {per_epoch} steps an epoch", flush=True)

    for epoch in range(first, how.get("until", how["epochs"])):
        train.refresh()
        rng = random.Random(how["seed"] * 1000 + epoch)
        torch.manual_seed(how["seed"] * 1000 + epoch)
        swapper = Swapper(vocabulary, rng)
        sets = list(train.grids)
        order = list(range(len(captions)))
        rng.shuffle(order)
        start, summed = time.time(), 0.0
        model.train()
        for step in range(per_epoch):
            at = epoch * per_epoch + step
            rate = how["rate"] * min((at + 1) / warm, 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, at / total))))
            for group in optimizer.param_groups:
                group["lr"] = rate
            chosen = order[step * size : (step + 1) * size]
            grid, labels = train.features([(rng.choice(sets), i) for i in chosen])
            batch = [captions[i] for i in chosen]
            for j in range(len(batch)):
                if rng.random() < how["swap"]:
                    batch[j] = swapper.swap(labels[j], batch[j])
            inputs, targets = pad_captions(batch)
            logits, where = model(model.remember(grid, labels), inputs)
            loss = F.cross_entropy(logits, targets.flatten()[where], label_smoothing=how["smoothing"])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), how["clip"])
            optimizer.step()
            average.update(model)
            summed += loss.item()
            if args.steps and step + 1 == args.steps:
                print(f"{1000 * (time.time() - start) / args.steps:.0f} ms a step, loss {summed / args.steps:.3f}")
                return
            if step % 50 == 49:
                print(f"  {epoch}.{step + 1} loss {summed / (step + 1):.3f} {1000 * (time.time() - start) / (step + 1):.0f} ms a step", flush=True)
        report = f"loss {summed / per_epoch:.3f}, {time.time() - start:.0f} s, {len(sets)} sets"
        conclude(args.out, "epoch", epoch, report, model, average, vocabulary, optimizer, dev, how["judged"])


if __name__ == "__main__":
    main()
