"""BLEU, ROUGE-L, CIDEr-D and CHAIR of a checkpoint, with and without the policy.

    python evaluate.py --checkpoint FILE --features DIR --data DIR --split dev [--presence FILE --policy] [--show]
"""

import argparse
from pathlib import Path

import torch

from dataset import Pictures
from metrics import bleu, chair, read_objects, rouge_l
from metrics.cider import cider_d
from policy import Policy
from presence import load_presence
from search import beam
from train import load
from vocabulary import split_words


def report(captions: list[list[str]], references: list[list[list[str]]]) -> str:
    b = bleu(captions, references)
    share, captions_wrong, count = chair(captions, references, read_objects())
    return (
        " ".join(f"BLEU-{n + 1} {100 * v:.2f}" for n, v in enumerate(b))
        + f" ROUGE-L {100 * rouge_l(captions, references):.2f} CIDEr-D {cider_d(captions, references)[0]:.4f}"
        + f" CHAIRi {share:.3f} CHAIRs {captions_wrong:.3f} ({count} invented), {sum(map(len, captions)) / len(captions):.1f} words"
    )


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("checkpoint", "features", "data"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--presence", type=Path)
    parser.add_argument("--policy", action="store_true")
    parser.add_argument("--rules", default="witness,mention,short")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, vocabulary, _ = load(args.checkpoint)
    pictures = Pictures(args.features, args.data, args.split, ["plain"])
    count = min(args.limit or 10**9, len(pictures.names))
    references = pictures.captions[:count]
    plain = []
    for at in range(0, count, 50):
        memory = model.remember(*pictures.features([("plain", i) for i in range(at, min(count, at + 50))]))
        plain += [vocabulary.decode(found[0][1]) for found in beam(model, memory)]
    print("plain: ", report(plain, references), flush=True)
    if not args.policy:
        return
    presence, witnesses = load_presence(args.presence)
    policy = Policy(vocabulary, witnesses, tuple(args.rules.split(",")))
    captions, forced, short = [], 0, 0
    for i in range(count):
        grid, labels = pictures.features([("plain", i)])
        found = policy.describe(model, model.remember(grid, labels), labels[0], presence(grid)[0].sigmoid())
        captions.append(split_words(found.text))
        forced += found.forced
        short += found.short
        if args.show:
            best = labels[0].topk(2)
            tags = ", ".join(f"{policy.labels[j]['name']} {p:.2f}" for p, j in zip(best.values.tolist(), best.indices.tolist()))
            print(f"{i:3} [{tags}] {'F' if found.forced else ' '}{'S' if found.short else ' '} {found.mean:.2f} {found.text}\n      plain: {' '.join(plain[i])}\n      true:  {' '.join(references[i][0])}")
    print("policy:", report(captions, references), f"{forced} forced, {short} short")


if __name__ == "__main__":
    main()
