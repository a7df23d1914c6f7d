"""Both decoders on a small scale: what `step` says one token at a time is what `forward` says at once, and searches keep to
their rules."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent.parent))

from dataset import Swapper, pad_captions, sum_classes
from model import Config, build
from policy import search
from search import beam, sample
from vocabulary import BOS, EOS, Vocabulary, read_labels

LABELS = read_labels()
WORDS = "a the dog dogs man on in grass runs sits red brown two".split()
VOCABULARY = Vocabulary.build([WORDS] * 4, [label["name"] for label in LABELS["labels"]], 1)


def small(kind: str) -> torch.nn.Module:
    torch.manual_seed(3)
    config = Config(kind=kind, width=32, heads=2, layers=2, inner=48, slots=3)
    model = build(config, VOCABULARY, LABELS).eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p) * 0.1)
    return model


def remember(model: torch.nn.Module, pictures: int = 2) -> dict:
    torch.manual_seed(4)
    labels = torch.softmax(2 * torch.randn(pictures, len(LABELS["labels"])), -1)
    with torch.no_grad():
        return model.remember(torch.randn(pictures, 64, 1280), labels)


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
@torch.no_grad()
def test_one_token_at_a_time_is_all_at_once(kind: str) -> None:
    model = small(kind)
    memory = remember(model)
    captions = [[[5, 6, 7, 8], [9, 4]], [[10], [6, 6, 11]]]
    inputs, _ = pad_captions(captions)
    logits, where = model(memory, inputs)
    state = model.begin(memory, 4)
    flat, length = inputs.flatten(0, 1), inputs.shape[2]
    for at in range(length):
        stepped, state, attention = model.step(memory, state, flat[:, at])
        assert torch.allclose(attention.sum(-1), torch.ones(4), atol=1e-5)
        for row in range(4):
            place = (where == row * length + at).nonzero().flatten()
            if len(place):
                assert torch.allclose(stepped[row], logits[place[0]], atol=1e-4)


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
def test_one_beam_is_greedy(kind: str) -> None:
    model = small(kind)
    memory = remember(model)
    greedy = sample(model, memory, greedy=True)
    for ids, found in zip(greedy.tolist(), beam(model, memory, beams=1)):
        words = ids[: ids.index(EOS)] if EOS in ids else ids
        assert found[0][1][: len(words)] == words


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
def test_policy_search_without_rules_is_beam_search(kind: str) -> None:
    model = small(kind)
    memory = remember(model, 1)
    nothing = torch.zeros(len(VOCABULARY), dtype=torch.bool)
    free = torch.full((len(VOCABULARY),), -1)
    reference = beam(model, memory)[0]
    # No word twice in a row is a rule the policy always has: compare where the reference keeps it, too.
    best = reference[0]
    if all(a != b for _, ids in reference for a, b in zip(ids, ids[1:])):
        assert search(model, memory, nothing, free, [])[0][1] == best[1]


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
def test_a_caption_that_must_hold_a_word_holds_it_and_no_banned_one(kind: str) -> None:
    model = small(kind)
    memory = remember(model, 1)
    free = torch.full((len(VOCABULARY),), -1)
    banned = torch.zeros(len(VOCABULARY), dtype=torch.bool)
    first = search(model, memory, banned, free, [])[0][1]
    banned[first[:1]] = True
    teapot = VOCABULARY.ids["teapot"]
    for _, ids, _ in search(model, memory, banned, free, [teapot]):
        assert teapot in ids
        assert first[0] not in ids
    banned[teapot] = True  # what must be said may be said
    assert teapot in search(model, memory, banned, free, [teapot])[0][1]


def test_a_thing_is_said_once() -> None:
    model = small("transformer")
    memory = remember(model, 1)
    banned = torch.ones(len(VOCABULARY), dtype=torch.bool)
    one, other = VOCABULARY.ids["teapot"], VOCABULARY.ids["mug"]
    banned[[one, other, VOCABULARY.ids["on"], EOS]] = False
    once = torch.full((len(VOCABULARY),), -1)
    once[one] = once[other] = 7
    for _, ids, _ in search(model, memory, banned, once, []):
        assert sum(i in (one, other) for i in ids) <= 1


def test_label_names_are_one_token() -> None:
    ids = VOCABULARY.encode("a red panda sits on the red grass".split())
    assert [VOCABULARY.tokens[i] for i in ids] == ["a", "red panda", "sits", "on", "the", "red", "grass"]
    assert VOCABULARY.decode([*ids, EOS, BOS]) == "a red panda sits on the red grass".split()


def test_swapping_moves_the_label_and_its_words_together() -> None:
    import random

    names = [label["name"] for label in LABELS["labels"]]
    labels = torch.zeros(len(names))
    labels[names.index("dog")] = 0.9
    caption = VOCABULARY.encode("a brown dog runs".split())
    swapped = Swapper(VOCABULARY, random.Random(1)).swap(labels, [caption])
    new = int(labels.argmax())
    assert names[new] != "dog"
    assert swapped[0] == [caption[0], caption[1], VOCABULARY.ids[names[new]], caption[3]]


def test_classes_of_one_name_add_up() -> None:
    classes = torch.zeros(1, 1000)
    classes[0, [151, 200, 281]] = torch.tensor([0.3, 0.4, 0.2])
    summed = sum_classes(classes, torch.tensor(LABELS["classes"]))
    names = [label["name"] for label in LABELS["labels"]]
    assert summed[0, names.index("dog")].item() == pytest.approx(0.7)
    assert summed[0, names.index("cat")].item() == pytest.approx(0.2)
