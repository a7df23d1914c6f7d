"""What the policy lets a caption say and what it must mention, from labels and witnesses alone."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent.parent))

from policy import Policy
from presence import read_things
from vocabulary import Vocabulary, read_labels

LABELS = read_labels()["labels"]
NAMES = [label["name"] for label in LABELS]
WITNESSES = ["person", "dog", "water", "bicycle"]
WORDS = [word for words in read_things().values() for word in words]
POLICY = Policy(Vocabulary.build([WORDS] * 4, NAMES, 1), WITNESSES)
THINGS = [name for name, _ in POLICY.things]


def findings(labels: dict[str, float], presence: dict[str, float]) -> tuple[torch.Tensor, torch.Tensor]:
    """Label probabilities and witnesses, nothing but what is given."""
    p, w = torch.zeros(len(NAMES)), torch.zeros(len(WITNESSES))
    for name, value in labels.items():
        p[NAMES.index(name)] = value
    for name, value in presence.items():
        w[WITNESSES.index(name)] = value
    return p, w


def allowed(word: str, labels: dict[str, float], presence: dict[str, float]) -> bool:
    p, w = findings(labels, presence)
    return not POLICY.banned(p, POLICY.seen(p, w))[POLICY.vocabulary.ids[word]]


def anchor(labels: dict[str, float], presence: dict[str, float]) -> tuple[str | None, set[str]]:
    p, w = findings(labels, presence)
    best, naming = POLICY.anchor(p, w, POLICY.seen(p, w))
    return None if best is None else NAMES[best], {POLICY.vocabulary.tokens[i] for i in naming}


def test_things_need_a_witness_or_a_label() -> None:
    assert not allowed("bicycle", {}, {})
    assert allowed("bicycle", {}, {"bicycle": 0.1})
    assert allowed("bicycle", {"bicycle": 0.1}, {})
    assert not allowed("man", {}, {"person": 0.6})
    assert allowed("man", {}, {"person": 0.8})


def test_people_in_a_picture_of_one_thing_need_a_better_witness() -> None:
    assert not allowed("man", {"teapot": 0.85}, {"person": 0.85})
    assert allowed("man", {"teapot": 0.85}, {"person": 0.95})
    assert allowed("man", {"teapot": 0.75}, {"person": 0.85})
    assert allowed("man", {"dog": 0.85}, {"person": 0.85})


@pytest.mark.parametrize(("breeds", "witness", "spoken"), [(0.05, 0.95, False), (0.2, 0.95, True), (0.6, 0.1, False), (0.8, 0.1, True)])
def test_a_dog_needs_its_witness_and_a_label_or_a_label_that_is_sure(breeds: float, witness: float, spoken: bool) -> None:
    assert allowed("dog", {"dog": breeds}, {"dog": witness}) == spoken


def test_the_living_do_what_things_do_not() -> None:
    assert not allowed("running", {"teapot": 0.9}, {})
    assert allowed("running", {"teapot": 0.9}, {"person": 0.9})
    assert allowed("running", {"red panda": 0.3}, {})


def test_a_sure_label_must_be_mentioned() -> None:
    assert anchor({"teapot": 0.39}, {})[0] is None
    name, naming = anchor({"teapot": 0.5}, {})
    assert name == "teapot" and "teapot" in naming


def test_clothes_and_what_lacks_its_witness_are_passed_over() -> None:
    assert anchor({"sunglasses": 0.5, "teapot": 0.42}, {})[0] == "teapot"
    assert anchor({"lake": 0.9}, {"water": 0.2})[0] is None
    assert anchor({"lake": 0.9}, {"water": 0.9})[0] == "lake"
    assert anchor({"dog": 0.6}, {"dog": 0.1})[0] is None
    assert anchor({"dog": 0.6}, {"dog": 0.9})[0] == "dog"


def test_beside_people_a_label_needs_a_witness_or_to_be_surer() -> None:
    people = {"person": 0.9}
    assert anchor({"whale": 0.6}, people)[0] is None
    assert anchor({"whale": 0.85}, people)[0] == "whale"
    assert anchor({"bicycle": 0.6}, people)[0] is None
    assert anchor({"bicycle": 0.6}, people | {"bicycle": 0.7})[0] == "bicycle"


def test_a_rival_is_mentioned_as_well() -> None:
    assert "teapot" in anchor({"mug": 0.5, "teapot": 0.3}, {})[1]
    assert "teapot" not in anchor({"mug": 0.5, "teapot": 0.2}, {})[1]
