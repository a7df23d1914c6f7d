"""BLEU, ROUGE-L, CIDEr-D and CHAIR of a checkpoint, with and without the policy, and how many things with a confident label
are named rightly (metrics/named.py), "confident" being that one class, or the sum of the classes with one everyday name, has
CONFIDENT or more.

    python evaluate.py --checkpoint FILE --features DIR --data DIR --split dev [--set plain] [--presence FILE --policy] [--show]
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from dataset import Pictures, likeliest_class
from metrics import bleu, chair, read_objects, rouge_l
from metrics.cider import cider_d
from metrics.named import named
from policy import Policy
from presence import load_presence
from search import beam
from train import load
from vocabulary import split_words


CONFIDENT = 0.4


def named_rightly(captions: list[list[str]], references: list[list[list[str]]], labels: Tensor, table: list[dict]) -> str:
    """labels [pictures, names]: probabilities."""
    right, objects = [], read_objects()
    for caption, refs, row in zip(captions, references, labels):
        if row.max() >= CONFIDENT:
            right.append(named(caption, refs, table[int(row.argmax())]["words"], objects))
    return f"{sum(whole for _, whole in right)} ({sum(by_label for by_label, _ in right)} by its words) of {len(right)}"


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
    parser.add_argument("--set", default="plain")
    parser.add_argument("--presence", type=Path)
    parser.add_argument("--policy", action="store_true")
    parser.add_argument("--rules", default="witness,mention,short")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, vocabulary, _ = load(args.checkpoint)
    pictures = Pictures(args.features, args.data, args.split, [args.set])
    count = min(args.limit or 10**9, len(pictures.names))
    references = pictures.captions[:count]
    plain, table = [], pictures.labels_table["labels"]
    for at in range(0, count, 50):
        memory = model.remember(*pictures.features([(args.set, i) for i in range(at, min(count, at + 50))]))
        plain += [vocabulary.decode(found[0][1]) for found in beam(model, memory)]

    def judge(captions: list[list[str]]) -> str:
        single = likeliest_class(pictures.classes(args.set), pictures.to_label)
        classes, names = (named_rightly(captions, references, found, table) for found in (single, pictures.labels[args.set]))
        return f"{report(captions, references)}; named rightly: classes {classes}, everyday names {names}"

    print("plain: ", judge(plain), flush=True)
    if not args.policy:
        return
    presence, witnesses = load_presence(args.presence)
    policy = Policy(vocabulary, witnesses, tuple(args.rules.split(",")))
    captions, forced, short, unsure = [], 0, 0, 0
    for i in range(count):
        grid, labels = pictures.features([(args.set, i)])
        found = policy.describe(model, model.remember(grid, labels), labels[0], presence(grid)[0].sigmoid())
        captions.append(split_words(found.text))
        forced += found.forced
        short += found.short
        unsure += found.unsure
        if args.show:
            best = labels[0].topk(2)
            tags = ", ".join(f"{policy.labels[j]['name']} {p:.2f}" for p, j in zip(best.values.tolist(), best.indices.tolist()))
            verdict = " "
            if best.values[0] >= CONFIDENT:
                verdict = "+" if named(captions[i], references[i], table[int(best.indices[0])]["words"], read_objects())[1] else "-"
            print(f"{i:3} {verdict}[{tags}] {'F' if found.forced else ' '}{'S' if found.short else ' '} {found.mean:.2f} {found.text}\n      plain: {' '.join(plain[i])}\n      true:  {' '.join(references[i][0])}")
    print("policy:", judge(captions), f"\n        {forced} forced, {short} short, {unsure} unsure")


if __name__ == "__main__":
    main()
