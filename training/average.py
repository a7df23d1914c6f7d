"""Averages the (averaged) weights of checkpoints that share their start: what several trainings side by side amount to.

    python average.py --out FILE FILE FILE ...
"""

import argparse
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("checkpoints", nargs="+", type=Path)
    args = parser.parse_args()
    saved = [torch.load(path, weights_only=True) for path in args.checkpoints]
    first = saved[0]
    for name, value in first["averaged"].items():
        if value.is_floating_point():
            first["averaged"][name] = torch.stack([s["averaged"][name] for s in saved]).mean(0)
    first["weights"] = first["averaged"]
    torch.save(first, args.out)


if __name__ == "__main__":
    main()
