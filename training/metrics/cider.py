"""CIDEr-D (Vedantam et al. 2015): cosine of tf-idf n-grams, clipped, with a penalty on length; x 10, as published."""

import math
from collections import Counter

from .ngrams import ngrams

SIGMA = 6.0


class Cider:
    """Document frequencies come from `corpus` (the references of every picture), once; then any number of captions."""

    def __init__(self, corpus: list[list[list[str]]]) -> None:
        self.log_pictures = math.log(len(corpus))
        frequency: Counter = Counter()
        for refs in corpus:
            frequency.update({gram for ref in refs for n in range(1, 5) for gram in ngrams(ref, n)})
        self.log_frequency = {gram: math.log(count) for gram, count in frequency.items()}

    def vector(self, words: list[str]) -> tuple[list[dict], list[float], int]:
        parts, norms = [], []
        for n in range(1, 5):
            part = {g: c * (self.log_pictures - self.log_frequency.get(g, 0.0)) for g, c in ngrams(words, n).items()}
            parts.append(part)
            norms.append(math.sqrt(sum(v * v for v in part.values())))
        return parts, norms, len(words)

    def prepare(self, references: list[list[str]]) -> list:
        return [self.vector(ref) for ref in references]

    def score(self, words: list[str], prepared: list) -> float:
        parts, norms, length = self.vector(words)
        total = 0.0
        for ref_parts, ref_norms, ref_length in prepared:
            penalty = math.exp(-((length - ref_length) ** 2) / (2 * SIGMA**2))
            for part, norm, ref_part, ref_norm in zip(parts, norms, ref_parts, ref_norms):
                if norm and ref_norm:
                    dot = sum(min(v, ref_part[g]) * ref_part[g] for g, v in part.items() if g in ref_part)
                    total += penalty * dot / (norm * ref_norm)
        return 10 * total / (4 * len(prepared))


def cider_d(captions: list[list[str]], references: list[list[list[str]]]) -> tuple[float, list[float]]:
    """The mean and every picture's, with document frequencies from the references themselves."""
    cider = Cider(references)
    scores = [cider.score(words, cider.prepare(refs)) for words, refs in zip(captions, references)]
    return sum(scores) / len(scores), scores
