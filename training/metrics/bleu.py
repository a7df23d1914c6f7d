"""Corpus BLEU (Papineni et al. 2002), as coco-caption computes it: closest reference length, no smoothing to speak of."""

import math

from .ngrams import ngrams

TINY, SMALL = 1e-15, 1e-9  # coco-caption's guards against zero counts


def bleu(captions: list[list[str]], references: list[list[list[str]]], most: int = 4) -> list[float]:
    """BLEU-1 .. BLEU-most over the corpus, 0..1."""
    right, guessed = [0] * most, [0] * most
    length, reference_length = 0, 0
    for words, refs in zip(captions, references):
        length += len(words)
        reference_length += min((abs(len(r) - len(words)), len(r)) for r in refs)[1]
        for n in range(1, most + 1):
            own = ngrams(words, n)
            ceiling: dict = {}
            for ref in refs:
                for gram, count in ngrams(ref, n).items():
                    ceiling[gram] = max(ceiling.get(gram, 0), count)
            guessed[n - 1] += max(0, len(words) - n + 1)
            right[n - 1] += sum(min(count, ceiling.get(gram, 0)) for gram, count in own.items())
    ratio = (length + TINY) / (reference_length + SMALL)
    brevity = math.exp(1 - 1 / ratio) if ratio < 1 else 1.0
    scores, product = [], 1.0
    for n in range(most):
        product *= (right[n] + TINY) / (guessed[n] + SMALL)
        scores.append(product ** (1 / (n + 1)) * brevity)
    return scores
