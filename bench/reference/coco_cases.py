# /// script
# requires-python = ">=3.10"
# dependencies = ["pycocoevalcap==1.2", "numpy"]
# ///
"""Writes bench/metrics/coco-cases.json: what coco-caption makes of captions, ordinary ones and tricky ones.

    pip install --no-deps pycocoevalcap==1.2 && pip install numpy
    python bench/reference/coco_cases.py && npx prettier --write bench/metrics/coco-cases.json

Deterministic: the random cases come from a fixed seed. Captions are words already; coco-caption's own tokeniser is not used.
"""

import contextlib
import io
import json
import pathlib
import random

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

CAPTIONS = [
    "a brown dog runs through the grass", "two dogs play with a ball in the snow", "a man in a red shirt climbs a rock",
    "a child jumps into a swimming pool", "a group of people stand on a beach", "a boy rides a skateboard down a ramp",
    "a woman in a white dress sits on a bench", "a white dog with a stick in its mouth", "people walk on a busy city street",
    "a black and white dog leaps over a hurdle", "a girl in a pink coat plays in the leaves", "a cyclist races down a muddy hill",
]  # fmt: skip


def damaged(rng, line):
    """The caption with words dropped, doubled, swapped or taken from others."""
    words = line.split(" ")
    for _ in range(rng.randrange(0, 1 + len(words) // 2)):
        at, kind = rng.randrange(len(words)), rng.randrange(4)
        if kind == 0 and len(words) > 1:
            del words[at]
        elif kind == 1:
            words.insert(at, words[at])
        elif kind == 2:
            other = rng.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        else:
            words[at] = rng.choice(rng.choice(CAPTIONS).split(" "))
    return " ".join(words)


def scored(captions, references):
    gts = dict(enumerate(references))
    res = {i: [caption] for i, caption in enumerate(captions)}
    with contextlib.redirect_stdout(io.StringIO()):
        bleu, _ = Bleu(4).compute_score(gts, res)
        rouge, _ = Rouge().compute_score(gts, res)
        cider, each = Cider().compute_score(gts, res)
    return {
        "captions": captions, "references": references, "bleu": [float(b) for b in bleu], "rouge": float(rouge),
        "cider": float(cider), "ciderOfEach": [float(c) for c in each],
    }  # fmt: skip


def main():
    rng = random.Random(13)
    corpora = [
        scored(["a dog"], [["a dog"]]),
        scored(["a dog", "a cat"], [["a dog", "the dog runs"], ["a cat"]]),
        scored(["the the the the the the the"] * 2, [["the cat is on the mat", "there is a cat on the mat"], ["a dog"]]),
        scored(["dog", "a very long caption that goes on and on and on about nothing at all"], [["a dog runs"], ["nothing"]]),
        scored(list(CAPTIONS), [[caption] for caption in CAPTIONS]),
        scored(list(reversed(CAPTIONS)), [[caption] for caption in CAPTIONS]),
    ]
    for size in (2, 3, 5, 8, 12, 12, 12):
        for count in (1, 3, 5):
            originals = rng.sample(CAPTIONS, size)
            references = [[damaged(rng, line) for _ in range(count)] for line in originals]
            corpora.append(scored([damaged(rng, line) for line in originals], references))
    cases = {"origin": "pycocoevalcap 1.2, by bench/reference/coco_cases.py", "corpora": corpora}
    target = pathlib.Path(__file__).parent.parent / "metrics" / "coco-cases.json"
    target.write_text(json.dumps(cases) + "\n")
    print(f"{len(corpora)} corpora -> {target}")


if __name__ == "__main__":
    main()
