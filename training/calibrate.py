"""Turns what the captioner knows about its caption into a confidence, and says when it is not sure.

    python calibrate.py --checkpoint FILE --presence FILE --data DIR --features DIR --out DIR

confidence = 1 / (1 + exp(-(bias + mean x m + label x e))), with m the caption's mean log-probability and e the evidence
(0..1, logarithmic) of the likeliest label that can be named: fitted on the dev pictures to "CIDEr-D of GOOD or more". A
caption is `unsure` if its confidence is under the one of the SHARE least confident dev pictures, or if printed matter and
screens (labels of kind "page") have `page` of the probability. Writes numbers into data/policy.json and calibration.svg
(confidence against CIDEr-D) and prints what dev's captions are worth and how many of them and of charts.py's are unsure.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dataset import Pictures, sum_classes
from evaluate import report
from metrics.cider import cider_d
from policy import Policy
from presence import load_presence
from train import load
from vocabulary import split_words

GOOD = 0.4
SHARE = 0.05
BINS = 10


def fit(x: Tensor, good: Tensor) -> Tensor:
    """Logistic regression: weights of (1, *clues)."""
    x = torch.cat([torch.ones(len(x), 1), x], 1)
    weights = torch.zeros(x.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(x @ weights, good) + 1e-4 * weights.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weights.detach()


def draw(points: list[tuple[float, float, float]], path: Path) -> None:
    """points: (mean confidence, share of good captions, mean CIDEr-D) of the bins."""
    width, height, left, top = 480, 320, 56, 24
    most = max(1.0, max(p[2] for p in points)) * 1.05

    def at(x: float, y: float) -> str:
        return f"{left + x * (width - left - 20):.1f},{height - 44 - y * (height - 44 - top):.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<polyline points="{at(0, 1)} {at(0, 0)} {at(1, 0)}" fill="none" stroke="#444"/>',
        f'<polyline points="{at(0, 0)} {at(1, 1)}" fill="none" stroke="#bbb" stroke-dasharray="4 4"/>',
        f'<polyline points="{" ".join(at(c, s) for c, s, _ in points)}" fill="none" stroke="#1f6feb" stroke-width="2"/>',
        f'<polyline points="{" ".join(at(c, v / most) for c, _, v in points)}" fill="none" stroke="#c2410c" stroke-width="2"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(tick, 0).split(",")
        lines.append(f'<text x="{x}" y="{float(y) + 18}" text-anchor="middle">{tick:g}</text>')
        x, y = at(0, tick).split(",")
        lines.append(f'<text x="{float(x) - 8}" y="{float(y) + 4}" text-anchor="end">{tick:g}</text>')
    lines += [
        f'<text x="{(width + left) / 2}" y="{height - 8}" text-anchor="middle">confidence</text>',
        f'<text x="{left + 12}" y="{top + 4}" fill="#1f6feb">share of captions with CIDEr-D of {GOOD:g} or more</text>',
        f'<text x="{left + 12}" y="{top + 20}" fill="#c2410c">mean CIDEr-D / {most:.2f}</text>',
        "</svg>",
    ]
    path.write_text("\n".join(lines) + "\n")


@torch.no_grad()
def describe_all(policy: Policy, model, presence, grids: Tensor, labels: Tensor) -> list:
    out = []
    for i in range(len(grids)):
        grid = torch.from_numpy(grids[i : i + 1]).float()
        out.append(policy.describe(model, model.remember(grid, labels[i : i + 1]), labels[i], presence(grid)[0].sigmoid()))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("checkpoint", "presence", "data", "features", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    model, vocabulary, _ = load(args.checkpoint)
    presence, witnesses = load_presence(args.presence)
    policy = Policy(vocabulary, witnesses)
    dev = Pictures(args.features, args.data, "dev", ["plain"])
    found = describe_all(policy, model, presence, dev.grids["plain"], dev.labels["plain"])
    captions = [split_words(f.text) for f in found]
    print(f"dev with the policy: {report(captions, dev.captions)}, {sum(f.forced for f in found)} forced, {sum(f.short for f in found)} short")
    _, ciders = cider_d(captions, dev.captions)
    pairs = [policy.clues(f.mean, labels) for f, labels in zip(found, dev.labels["plain"])]
    x, pages = torch.tensor([c for c, _ in pairs]), torch.tensor([p for _, p in pairs])
    cider = torch.tensor(ciders)
    weights = fit(x, (cider >= GOOD).float())
    confidence = (weights[0] + x @ weights[1:]).sigmoid()
    least = confidence.quantile(SHARE).item()
    order = confidence.argsort()
    points = []
    for part in order.chunk(BINS):
        points.append((confidence[part].mean().item(), (cider[part] >= GOOD).float().mean().item(), cider[part].mean().item()))
        print("confidence {:.2f}: good {:.2f}, CIDEr-D {:.2f}".format(*points[-1]))
    draw(points, args.out / "calibration.svg")
    unsure = (confidence < least) | (pages >= policy.numbers["page"])
    print(f"dev: {100 * unsure.float().mean():.1f} % unsure, their CIDEr-D {cider[unsure].mean():.3f}, the others' {cider[~unsure].mean():.3f}")
    ranks = torch.stack([confidence.argsort().argsort().float(), cider.argsort().argsort().float()])
    print(f"rank correlation of confidence and CIDEr-D {torch.corrcoef(ranks)[0, 1]:.3f}")
    charts = np.load(args.features / "charts/plain.grid.npy")
    classes = torch.from_numpy(np.load(args.features / "charts/plain.labels.npy")).float()
    labels = sum_classes(classes, dev.to_label)
    others = describe_all(policy, model, presence, charts, labels)
    pairs = [policy.clues(f.mean, row) for f, row in zip(others, labels)]
    doubts = [
        page >= policy.numbers["page"] or (weights[0] + torch.tensor(c) @ weights[1:]).sigmoid().item() < least for c, page in pairs
    ]
    print(f"charts, screenshots, drawings, pages: {sum(doubts)} of {len(doubts)} unsure; by kind {[sum(doubts[i : i + 25]) for i in range(0, 100, 25)]}")
    path = Path(__file__).parent / "data/policy.json"
    numbers = json.loads(path.read_text())
    numbers[f"confidence-{model.config.kind}"] = {
        "bias": round(weights[0].item(), 4),
        "mean": round(weights[1].item(), 4),
        "label": round(weights[2].item(), 4),
        "unsure": round(least, 4),
    }
    path.write_text(json.dumps(numbers, indent=2) + "\n")


if __name__ == "__main__":
    main()
