"""ROUGE-L (Lin 2004), as coco-caption computes it: best precision and best recall over the references, beta 1.2."""

BETA = 1.2


def longest_common(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        above = 0
        for j, y in enumerate(b, 1):
            above, row[j] = row[j], above + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def rouge_l(captions: list[list[str]], references: list[list[list[str]]]) -> float:
    """The mean over the pictures, 0..1."""
    scores = []
    for words, refs in zip(captions, references):
        common = [longest_common(ref, words) for ref in refs]
        precision = max((c / len(words) for c in common), default=0) if words else 0
        recall = max(c / len(ref) for c, ref in zip(common, refs))
        both = precision and recall
        scores.append((1 + BETA**2) * precision * recall / (recall + BETA**2 * precision) if both else 0.0)
    return sum(scores) / len(scores)
