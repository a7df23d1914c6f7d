"""Words: captions to token ids and back. Label names are tokens of their own, several words long or not ("red panda")."""

import collections
import json
import re
from pathlib import Path

PAD, BOS, EOS, UNK = range(4)
SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]


def split_words(text: str) -> list[str]:
    """Lower-cased, without punctuation: how captions are compared, too."""
    return re.findall(r"[a-z0-9']+", text.lower())


def read_captions(path: Path) -> dict[str, list[list[str]]]:
    captions = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        name, text = line.split("\t")
        captions[name].append(split_words(text))
    return captions


def read_labels(path: Path = Path(__file__).parent / "data/labels.json") -> dict:
    return json.loads(path.read_text())


def mentions(words: list[str], tokens: list[str]) -> bool:
    """Whether a caption (words) holds one of the tokens (of one or more words)."""
    text = f" {' '.join(words)} "
    return any(f" {token} " in text for token in tokens)


class Vocabulary:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.ids = {token: i for i, token in enumerate(tokens)}
        self.longest = max(len(token.split(" ")) for token in tokens)

    @classmethod
    def build(cls, captions: list[list[str]], names: list[str], least: int) -> "Vocabulary":
        """Words said at least `least` times, commonest first, then the label names that are not among them."""
        counts = collections.Counter(word for caption in captions for word in caption)
        words = sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
        return cls(SPECIAL + words + [name for name in names if name not in set(words)])

    @classmethod
    def read(cls, path: Path) -> "Vocabulary":
        return cls(path.read_text().rstrip("\n").split("\n"))

    def write(self, path: Path) -> None:
        path.write_text("\n".join(self.tokens) + "\n")

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, words: list[str]) -> list[int]:
        """The longest token first; unknown words are UNK."""
        out, at = [], 0
        while at < len(words):
            for count in range(min(self.longest, len(words) - at), 0, -1):
                token = self.ids.get(" ".join(words[at : at + count]))
                if token is not None:
                    break
            out.append(UNK if token is None else token)
            at += count
        return out

    def decode(self, ids: list[int]) -> list[str]:
        """Words again: ids up to EOS, tokens of several words taken apart."""
        out = []
        for i in ids:
            if i == EOS:
                break
            out += self.tokens[i].split(" ")
        return out
