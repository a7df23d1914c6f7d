"""Trains the witnesses: which of data/things.txt a picture shows, read off the encoder's grid.

    python presence.py --data DIR --features DIR --out presence.pt

One linear layer over the mean of the cells and another over the six cells that speak loudest for the thing, both on the
frozen grid; the target is the share of a picture's captions that mention the thing. It sees far beyond its training pictures
what a caption's language model does not: whether there is a person at all.
"""

import argparse
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dataset import Pictures
from model import CHANNELS
from vocabulary import mentions

LEAST = 50
LOUDEST = 6


def read_things(path: Path = Path(__file__).parent / "data/things.txt") -> dict[str, list[str]]:
    things = {}
    for line in path.read_text().splitlines():
        if "|" in line and not line.startswith("#"):
            name, words = line.split("|")
            things[name.strip()] = [word.replace("\\s", " ") for word in words.split()]
    return things


class Presence(nn.Module):
    def __init__(self, things: int) -> None:
        super().__init__()
        self.mean = nn.Linear(CHANNELS, things)
        self.cells = nn.Linear(CHANNELS, things, bias=False)
        nn.init.zeros_(self.mean.weight)
        nn.init.zeros_(self.cells.weight)

    def forward(self, grid: Tensor) -> Tensor:
        """grid [b, 64, 1280] -> logits [b, things]."""
        return self.mean(grid.mean(1)) + self.cells(grid).topk(LOUDEST, 1).values.mean(1)


def load_presence(path: Path) -> tuple[Presence, list[str]]:
    """The witnesses and the names of what they speak for."""
    saved = torch.load(path, weights_only=True)
    presence = Presence(len(saved["names"]))
    presence.load_state_dict(saved["weights"])
    return presence.eval(), saved["names"]


def shares(captions: list[list[list[str]]], things: dict[str, list[str]]) -> Tensor:
    return torch.tensor([[sum(mentions(c, t) for c in group) / len(group) for t in things.values()] for group in captions])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "features", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    train, dev = Pictures(args.features, args.data, "train"), Pictures(args.features, args.data, "dev")
    things = read_things()
    wanted = shares(train.captions, things)
    seen = (wanted >= 0.4).sum(0)
    names = [name for name, count in zip(things, seen.tolist()) if count >= LEAST]
    keep = [list(things).index(name) for name in names]
    wanted, held = wanted[:, keep], shares(dev.captions, things)[:, keep]
    model = Presence(len(names))
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
    rng, sets = random.Random(1), list(train.grids)
    batches = len(train.names) // 100
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=args.epochs * batches)
    for epoch in range(args.epochs):
        order = list(range(len(train.names)))
        rng.shuffle(order)
        total = 0.0
        for at in range(batches):
            chosen = order[at * 100 : at * 100 + 100]
            grid, _ = train.features([(rng.choice(sets), i) for i in chosen])
            loss = F.binary_cross_entropy_with_logits(model(grid), wanted[chosen], reduction="none").sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        with torch.no_grad():
            grid = torch.cat([model(dev.features([("plain", i) for i in range(a, a + 100)])[0]) for a in range(0, len(dev.names), 100)])
            judged = F.binary_cross_entropy_with_logits(grid, held, reduction="none").sum(1).mean()
        print(f"epoch {epoch}: loss {total / batches:.3f}, dev {judged:.3f}", flush=True)
    for i, name in enumerate(names):
        p, truth = grid[:, i].sigmoid(), held[:, i]
        yes, no = p[truth >= 0.4], p[truth == 0]
        area = (yes[:, None] > no[None]).float().mean().item() if len(yes) else float("nan")
        passed = "  ".join(f"{t}: {(yes >= t).float().mean():.2f}/{(no >= t).float().mean():.3f}" for t in (0.05, 0.1, 0.2, 0.5))
        print(f"{name:14} {int(seen[keep[i]]):5} train {len(yes):4} dev, area {area:.3f}, passed yes/no {passed}")
    torch.save({"names": names, "weights": model.state_dict()}, args.out)


if __name__ == "__main__":
    main()
