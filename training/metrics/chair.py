"""CHAIR (Rohrbach et al. 2018): objects that a caption names and no reference does. The objects and their words are the first
block of data/things.txt (COCO's eighty); references stand in for the annotations of objects."""

from pathlib import Path


def read_objects(path: Path = Path(__file__).parent.parent / "data/things.txt") -> dict[str, list[str]]:
    block = path.read_text().split("\n-\n")[0]
    objects = {}
    for line in block.splitlines():
        if "|" in line and not line.startswith("#"):
            name, words = line.split("|")
            objects[name.strip()] = [word.replace("\\s", " ") for word in words.split()]
    return objects


def objects_in(words: list[str], objects: dict[str, list[str]]) -> set[str]:
    """Longer words first, so that a hot dog is no dog."""
    text, found = f" {' '.join(words)} ", set()
    for word, name in sorted(((w, name) for name, own in objects.items() for w in own), key=lambda pair: -len(pair[0].split(" "))):
        if f" {word} " in text:
            found.add(name)
            if " " in word:
                text = text.replace(f" {word} ", " | ")
    return found


def chair(
    captions: list[list[str]], references: list[list[list[str]]], objects: dict[str, list[str]]
) -> tuple[float, float, int]:
    """Share of named objects that no reference names (CHAIRi), share of captions with one (CHAIRs), how many in all."""
    named, wrong, captions_wrong = 0, 0, 0
    for words, refs in zip(captions, references):
        said = objects_in(words, objects)
        invented = said - set().union(*(objects_in(ref, objects) for ref in refs))
        named += len(said)
        wrong += len(invented)
        captions_wrong += bool(invented)
    return wrong / max(1, named), captions_wrong / max(1, len(captions)), wrong
