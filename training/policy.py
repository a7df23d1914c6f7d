"""From a picture to an honest caption. The rules, in the order in which they apply:

1. Witnesses. A word for a thing (data/things.txt) may be said only if the thing is seen: its witness (presence.py) says
   `present`, or a label that shares a word with it has `hint`. (The training pictures are full of people and dogs, so the
   language speaks of them unasked and their witnesses are led astray outside: for people both numbers are higher, and a dog's
   witness counts only if the labels say `besides`, its labels alone, many small ones summed, only if they say `hint`; in a
   picture of one thing, which is what a label of `close` is, dogs aside, people's witness must say as much as `close` wants.) The
   name of a label that has less than `hint` may not be said either, unless it is a word for a thing that is seen; clothes,
   scenes and parts always may. What only the living do ("alive") is said if a person or an animal is seen.
2. Once. No word twice in a row; of a thing's words and of a label's name and plural one, once (but people and dogs: "a man
   and another man").
3. Search: beam 3 under these bans. They take words out after the softmax, so that scores stay comparable.
4. Mention. The anchor is the likeliest label that can be named (not clothes, parts, pages; a dog only if seen; a scene only
   if confirmed, that is if a thing it shares a word with, people aside, has a witness that says `agree`) if it has `sure`. With
   people in the picture a label that is not confirmed needs more: the classifier has no class for people and names what lies
   around. If the caption holds no word of the anchor nor of a rival (such a label of `rival` times its probability), search again
   among captions that do: two banks of beams, without and with such a word; the end counts in the second alone.
5. Short form. If the caption is less likely than `plain` (a number for each decoder: one is sharpened) a token and there is an anchor, the
   language has nothing to add: "a close-up of" and the label's phrase; "a photo of" for scenes and vehicles.
6. Words. "a" before a vowel is "an"; a label's name after a number is its plural; " 's" joins the word before it.
7. Confidence, fitted by calibrate.py: 1 / (1 + exp(-(bias + mean x m + label x e))), with m the mean log-probability and e
   the evidence of the likeliest label that can be named. `unsure` if it is under `unsure`, or if printed matter and screens
   (labels of kind "page") have `page` of the probability.
"""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from labels import plural
from presence import read_things
from search import LENGTH_PENALTY, NEVER
from model import MAX_TOKENS, evidence
from vocabulary import BOS, EOS, Vocabulary, read_labels

NUMBERS = json.loads((Path(__file__).parent / "data/policy.json").read_text())
PRESENT, BESIDES, HINT, CLOSE = (NUMBERS[k] for k in ("present", "besides", "hint", "close"))
SURE, AGREE, RIVAL, PLAIN = (NUMBERS[k] for k in ("sure", "agree", "rival", "plain"))
UNNAMED = ("wear", "part", "page")
FREE = ("wear", "part", "page", "scene", "person")
REPEATED = ("person", "dog")
ALIVE = ("person", "dog", "bird", "cat", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe")
# A number or "group of" with at most two adjectives after it: what follows stands in the plural.
COUNTED = r"\b(two|three|four|five|six|several|many|(group|herd|flock|pair|bunch|row) of)( (?!of|and|in|on|with|a|the|is|are)\w+){0,2}$"
FAR = ("scene", "vehicle")
FILLING = ("animal", "vehicle", "thing", "food", "plant")


@dataclass
class Described:
    text: str
    tokens: list[int]
    mean: float  # log-probability per token, the end counted
    forced: bool
    short: bool
    anchor: int | None  # the label that had to be mentioned
    confidence: float
    unsure: bool


class Policy:
    def __init__(self, vocabulary: Vocabulary, witnesses: list[str], rules: tuple[str, ...] = ("witness", "mention", "short")) -> None:
        self.vocabulary, self.rules, self.numbers = vocabulary, rules, NUMBERS
        self.labels = read_labels()["labels"]
        self.things = list(read_things().items())
        self.witness = [witnesses.index(name) if name in witnesses else -1 for name, _ in self.things]
        size = len(vocabulary)
        # said[thing, token]: the token is a word for the thing.
        self.said = torch.zeros(len(self.things), size, dtype=torch.bool)
        for t, (_, words) in enumerate(self.things):
            self.said[t, [vocabulary.ids[w] for w in words if w in vocabulary.ids]] = True
        self.alive = [name for name, _ in self.things].index("alive")
        self.animals = torch.tensor([label["kind"] in ("animal", "person") for label in self.labels])
        self.filling = torch.tensor([label["kind"] in FILLING and label["name"] != "dog" for label in self.labels])
        words = [set(label["words"]) for label in self.labels]
        # speaks[label, thing]: the label's name is one of the thing's words, or one of the label's words is the thing's own name.
        self.speaks = torch.tensor([[bool(w & set(own)) for _, own in self.things] for w in words])
        # once[token]: the group of which a hypothesis may hold one word only, or -1.
        self.once = torch.full((size,), -1)
        for i, label in enumerate(self.labels):
            for word in (label["name"], plural(label["name"])):
                if word in vocabulary.ids and label["name"] not in REPEATED and label["kind"] not in ("wear", "person"):
                    self.once[vocabulary.ids[word]] = i
        for t, (name, _) in enumerate(self.things):
            if name not in (*REPEATED, "alive"):
                self.once[self.said[t] & (self.once < 0)] = len(self.labels) + t
        for t, (name, _) in enumerate(self.things):
            if name in REPEATED:
                self.once[self.said[t]] = -1
        self.plurals = {label["name"]: plural(label["name"]) for label in self.labels if label["phrase"] != label["name"]}
        self.mentions = [[vocabulary.ids[w] for w in sorted(own) if w in vocabulary.ids] for own in words]
        self.names = torch.zeros(len(self.labels), size, dtype=torch.bool)
        for i, label in enumerate(self.labels):
            for word in (label["name"], plural(label["name"])):
                if word in vocabulary.ids and label["kind"] not in FREE:
                    self.names[i, vocabulary.ids[word]] = True

    def seen(self, labels: Tensor, presence: Tensor) -> Tensor:
        """labels [names], presence [witnesses] (probabilities) -> [things], True for those that may be spoken of."""
        seen = torch.zeros(len(self.things), dtype=torch.bool)
        close = bool(labels[self.filling].max() >= CLOSE["label"])
        for t, (name, _) in enumerate(self.things):
            spoken = labels[self.speaks[:, t]].max().item() if self.speaks[:, t].any() else 0.0
            w, (least, besides, hint) = self.witness[t], (n.get(name, n["default"]) for n in (PRESENT, BESIDES, HINT))
            if name == "person" and close:
                least = CLOSE["person"]
            seen[t] = spoken >= hint or (w >= 0 and presence[w] >= least and spoken >= besides)
        living = [t for t, (name, _) in enumerate(self.things) if name in ALIVE]
        seen[self.alive] = bool(seen[living].any()) or bool(labels[self.animals].max() >= HINT["default"])
        return seen

    def banned(self, labels: Tensor, seen: Tensor) -> Tensor:
        """labels [names] (probabilities), seen [things] -> [vocabulary], True where a word may not be said."""
        hinted = labels >= HINT["default"]
        allowed = self.said[seen].any(0)
        if hinted.any():
            allowed |= self.names[hinted].any(0)
            for i in hinted.nonzero().flatten().tolist():
                allowed[self.mentions[i]] = True
        for t, (name, _) in enumerate(self.things):
            if name in (*REPEATED, "alive") and not seen[t]:
                allowed &= ~self.said[t]
        return (self.said.any(0) | self.names.any(0)) & ~allowed

    def anchor(self, labels: Tensor, presence: Tensor, seen: Tensor) -> tuple[int | None, list[int]]:
        """The label that has to be mentioned, and the tokens that do: its own and those of its rivals, labels nearly as likely."""
        people, dog = ([name for name, _ in self.things].index(name) for name in REPEATED)
        agreeing = [t for t, w in enumerate(self.witness) if w >= 0 and t != people and presence[w] >= AGREE]
        confirmed = self.speaks[:, agreeing].any(1)
        likely = labels.clone()
        for i, label in enumerate(self.labels):
            unconfirmed = (label["kind"] == "scene" and not confirmed[i]) or (label["name"] == "dog" and not seen[dog])
            if unconfirmed or label["kind"] in UNNAMED:
                likely[i] = 0
        best = int(likely.argmax())
        if likely[best] < SURE["people" if seen[people] and not confirmed[best] else "default"]:
            return None, []
        rivals = (likely >= RIVAL * likely[best]).nonzero().flatten().tolist()
        return best, sorted({token for i in rivals for token in self.mentions[i]})

    def describe(self, model, memory: dict, labels: Tensor, presence: Tensor, beams: int = 3) -> Described:
        """For one picture."""
        size = len(self.vocabulary)
        seen = self.seen(labels, presence)
        ban = self.banned(labels, seen) if "witness" in self.rules else torch.zeros(size, dtype=torch.bool)
        found = search(model, memory, ban, self.once, [], beams)
        (anchor, naming), forced, short = self.anchor(labels, presence, seen), False, False
        score, tokens, total = found[0]
        if "mention" in self.rules and anchor is not None and not set(tokens) & set(naming):
            score, tokens, total = search(model, memory, ban, self.once, naming, beams)[0]
            forced = True
        mean = total / (len(tokens) + 1)
        text = self.say(tokens)
        if "short" in self.rules and anchor is not None and mean < PLAIN[model.config.kind]:
            label = self.labels[anchor]
            text, short = ("a photo of " if label["kind"] in FAR else "a close-up of ") + label["phrase"], True
        return Described(text, tokens, mean, forced, short, anchor, *self.judge(mean, labels, model.config.kind))

    def clues(self, mean: float, labels: Tensor) -> tuple[list[float], float]:
        """What the confidence is computed from, and the probability of a page."""
        kinds = [label["kind"] for label in self.labels]
        named = torch.tensor([kind not in UNNAMED for kind in kinds])
        page = torch.tensor([kind == "page" for kind in kinds])
        return [mean, evidence(labels[named].max()).item()], labels[page].sum().item()

    def judge(self, mean: float, labels: Tensor, kind: str) -> tuple[float, bool]:
        """Confidence and whether the caption is unsure."""
        fitted = self.numbers.get(f"confidence-{kind}", {"bias": 0, "mean": 0, "label": 0, "unsure": 0})
        (m, e), page = self.clues(mean, labels)
        confidence = 1 / (1 + math.exp(-(fitted["bias"] + fitted["mean"] * m + fitted["label"] * e)))
        return confidence, confidence < fitted["unsure"] or page >= self.numbers["page"]

    def say(self, ids: list[int]) -> str:
        tokens = [self.vocabulary.tokens[i] for i in ids]
        for i, token in enumerate(tokens):
            if token in self.plurals and re.search(COUNTED, " ".join(tokens[max(0, i - 4) : i])):
                tokens[i] = self.plurals[token]
        text = re.sub(r" '", "'", " ".join(tokens))
        return re.sub(r"\ba (?=(?!one\b)[aeio]|umb)", "an ", text)


@torch.no_grad()
def search(model, memory: dict, banned: Tensor, once: Tensor, must: list[int], beams: int = 3) -> list[tuple[float, list[int], float]]:
    """Beam search for one picture: (score, ids, log-probability), best first. With `must`, only captions that hold one of its
    tokens: bank 0 has none yet, bank 1 has one."""
    banks = 2 if must else 1
    state = model.begin(memory, 1)
    # (log-probability, ids, bank); rows of the state in the same order
    alive: list[tuple[float, list[int], int]] = [(0.0, [], 0 if must else banks - 1)]
    finished: list[tuple[float, list[int], float]] = []
    obliging = torch.zeros_like(banned)
    obliging[must] = True
    for at in range(MAX_TOKENS - 1):
        ids = torch.tensor([words[-1] if words else BOS for _, words, _ in alive])
        logits, state, _ = model.step(memory, state, ids)
        logits[:, NEVER] = -1e9
        scores = logits.log_softmax(-1) + torch.tensor([total for total, _, _ in alive]).unsqueeze(1)
        scores[:, banned & ~obliging] = -1e9
        for row, (_, words, _) in enumerate(alive):
            if words:
                scores[row, words[-1]] = -1e9
                spent = once[words]
                scores[row, torch.isin(once, spent[spent >= 0])] = -1e9
        last = banks - 1
        after: list[tuple[float, int, int, int]] = []  # log-probability, row, token, bank
        for bank in range(banks):
            # What leads into this bank: its own rows (an obliging token leaves bank 0), and obliging tokens from bank 0.
            here = torch.tensor([b for _, _, b in alive]) == bank
            into = scores.masked_fill(~here.unsqueeze(1), -1e9)
            if must and bank == 0:
                into[:, obliging] = -1e9
                into[:, EOS] = -1e9
            if must and bank == 1:
                into = torch.where(~here.unsqueeze(1) & obliging, scores, into)
            values, best = into.flatten().topk(2 * beams)
            kept = 0
            for rank, (value, index) in enumerate(zip(values.tolist(), best.tolist())):
                row, token = index // len(banned), index % len(banned)
                if value < -1e8 or kept == beams:
                    break
                if token == EOS:
                    # Among the best alone: what ends behind them would not have been kept either.
                    if bank == last and rank < beams:
                        words = alive[row][1]
                        finished.append((value / (len(words) + 1) ** LENGTH_PENALTY, words, value))
                    continue
                after.append((value, row, token, bank))
                kept += 1
        if len(finished) >= beams or not after:
            break
        state = model.select(state, torch.tensor([row for _, row, _, _ in after]))
        alive = [(value, [*alive[row][1], token], bank) for value, row, token, bank in after]
    if not finished:
        finished = [(v / (len(w) + 1) ** LENGTH_PENALTY, w, v) for v, w, b in alive if b == banks - 1] or [(-math.inf, alive[0][1], alive[0][0])]
    return sorted(finished, key=lambda f: -f[0])
