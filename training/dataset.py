"""The pictures' features and captions, in batches. A batch holds whole pictures: their five captions share one memory."""

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labels import plural
from model import MAX_TOKENS
from vocabulary import BOS, EOS, PAD, Vocabulary, read_captions, read_labels

SWAPPABLE = ("animal", "vehicle", "thing", "food", "plant")


class Pictures:
    """One split: names, captions (words), features by set. Grids stay on disk (and in the page cache) until asked for."""

    def __init__(self, features: Path, data: Path, split: str, sets: list[str] | None = None) -> None:
        self.names = (data / f"{split}.txt").read_text().split()
        captions = read_captions(data / "captions.tsv")
        self.captions = [captions[name] for name in self.names]
        self.folder = features / split
        self.labels_table = read_labels()
        self.to_label = torch.tensor(self.labels_table["classes"])
        self.grids: dict[str, np.ndarray] = {}
        self.labels: dict[str, Tensor] = {}
        self.refresh(sets)

    def refresh(self, sets: list[str] | None = None) -> None:
        """Opens the sets that are there (more may be extracted while training runs)."""
        for path in sorted(self.folder.glob("*.grid.npy")):
            name = path.name.removesuffix(".grid.npy")
            if name not in self.grids and (sets is None or name in sets):
                self.grids[name] = np.load(path, mmap_mode="r")
                self.labels[name] = sum_classes(self.classes(name), self.to_label)

    def classes(self, name: str) -> Tensor:
        """The classifier's probabilities in a set, [pictures, 1000]."""
        return torch.from_numpy(np.load(self.folder / f"{name}.labels.npy")).float()

    def features(self, picks: list[tuple[str, int]]) -> tuple[Tensor, Tensor]:
        """(set, picture) pairs -> grid [b, 64, 1280] and label probabilities [b, names], float32."""
        grid = torch.from_numpy(np.stack([self.grids[s][i] for s, i in picks])).float()
        return grid, torch.stack([self.labels[s][i] for s, i in picks])


def sum_classes(classes: Tensor, to_label: Tensor) -> Tensor:
    """ImageNet probabilities [n, 1000] -> those of everyday names [n, names]."""
    return classes.new_zeros(len(classes), int(to_label.max()) + 1).index_add(1, to_label, classes)


def likeliest_class(classes: Tensor, to_label: Tensor) -> Tensor:
    """ImageNet probabilities [n, 1000] -> that of the likeliest class of each everyday name [n, names]."""
    names = int(to_label.max()) + 1
    return classes.new_zeros(len(classes), names).scatter_reduce(1, to_label.expand(len(classes), -1), classes, "amax")


class Swapper:
    """Calls things by another's name, in label and captions alike ("a brown teapot runs through the grass"), so that the
    decoder learns to take a confident label at its word, also for names that no training caption holds."""

    def __init__(self, vocabulary: Vocabulary, rng: random.Random) -> None:
        table = read_labels()["labels"]
        self.names = [label["name"] for label in table]
        self.kinds = [label["kind"] for label in table]
        self.of_kind = {k: [i for i, kind in enumerate(self.kinds) if kind == k] for k in SWAPPABLE}
        self.all = [i for k in SWAPPABLE for i in self.of_kind[k]]
        self.ids = vocabulary.ids
        self.rng = rng

    def swap(self, labels: Tensor, captions: list[list[int]]) -> list[list[int]]:
        """Changes `labels` [names] in place and returns new captions; both as they were where nothing can be swapped."""
        strength, best = labels.topk(2)
        for p, old in zip(strength.tolist(), best.tolist()):
            one, many = self.ids[self.names[old]], self.ids.get(plural(self.names[old]))
            if p < 0.15 or self.kinds[old] not in SWAPPABLE or not any(one in c or (many in c) for c in captions):
                continue
            new = self.rng.choice(self.of_kind[self.kinds[old]] if self.rng.random() < 0.5 else self.all)
            labels[old], labels[new] = labels[new].clone(), labels[old].clone()
            new_one = self.ids[self.names[new]]
            new_many = self.ids.get(plural(self.names[new]), new_one)
            change = {one: new_one, many: new_many}
            return [[change.get(token, token) for token in c] for c in captions]
        return captions


def pad_captions(captions: list[list[list[int]]]) -> tuple[Tensor, Tensor]:
    """[picture][caption][token] -> inputs (BOS first) and targets (EOS last), [b, captions, length], padded."""
    most = max(len(c) for c in captions)
    length = min(MAX_TOKENS, max(len(c) for group in captions for c in group) + 1)
    inputs = torch.full((len(captions), most, length), PAD)
    targets = inputs.clone()
    for i, group in enumerate(captions):
        for j, tokens in enumerate(group):
            cut = tokens[: length - 1]
            inputs[i, j, : len(cut) + 1] = torch.tensor([BOS, *cut])
            targets[i, j, : len(cut) + 1] = torch.tensor([*cut, EOS])
    return inputs, targets
