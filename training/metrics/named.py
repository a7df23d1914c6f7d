"""Whether a caption names rightly what a confident label saw, judged by the references.

A caption is right if it and a reference both hold a word of the label (its name, a synonym or what it is a kind of: `words` in
data/labels.json), or if it and a reference both name one of CHAIR's objects, people aside: then it has overruled a label that
is wrong. The first alone is the stricter count."""

from metrics.chair import objects_in
from vocabulary import mentions


def named(caption: list[str], references: list[list[str]], label: list[str], objects: dict[str, list[str]]) -> tuple[bool, bool]:
    """Named by a word of the label; named at all. `label` holds the label's words."""
    by_label = mentions(caption, label) and any(mentions(reference, label) for reference in references)
    shown = set().union(*(objects_in(reference, objects) for reference in references)) - {"person"}
    return by_label, by_label or bool(objects_in(caption, objects) & shown)
