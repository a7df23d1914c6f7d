"""The metrics against published cases and against coco-caption's own code where it is installed (pycocoevalcap)."""

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from metrics.bleu import bleu
from metrics.chair import chair, read_objects
from metrics.cider import Cider, cider_d
from metrics.named import named
from metrics.rouge import longest_common, rouge_l

# Papineni et al. 2002, examples 1 and 2.
CANDIDATE_1 = "it is a guide to action which ensures that the military always obeys the commands of the party".split()
CANDIDATE_2 = "it is to insure the troops forever hearing the activity guidebook that party direct".split()
REFERENCES = [
    "it is a guide to action that ensures that the military will forever heed party commands".split(),
    "it is the guiding principle which guarantees the military forces always being under the command of the party".split(),
    "it is the practical guide for the army always to heed the directions of the party".split(),
]

CAPTIONS = [
    "a dog runs through the grass".split(),
    "two men play football on a field".split(),
    "a red panda sits on a branch".split(),
]
CORPUS = [
    ["a brown dog runs through the green grass".split(), "the dog is running in a field".split()],
    ["two men are playing soccer on a field".split(), "men play a game of football".split()],
    ["a red panda sleeps on a branch of a tree".split(), "an animal sits on a branch".split(), "a panda in a tree".split()],
]


def test_bleu_counts_are_clipped_as_in_the_paper() -> None:
    assert bleu([["the"] * 7], [["the cat is on the mat".split(), "there is a cat on the mat".split()]], 1)[0] == pytest.approx(2 / 7)
    assert bleu([CANDIDATE_1], [REFERENCES], 1)[0] == pytest.approx(17 / 18)
    assert bleu([CANDIDATE_2], [REFERENCES], 1)[0] == pytest.approx(8 / 14 * math.exp(1 - 16 / 14))


def test_bleu_has_a_penalty_on_brevity() -> None:
    short = bleu([["it", "is"]], [[["it", "is", "a", "guide"]]], 1)[0]
    assert short == pytest.approx(math.exp(1 - 4 / 2))


def test_rouge_is_lins_example() -> None:
    # Lin 2004, section 3.1: "police killed the gunman" / "police kill the gunman" has LCS 3 of 4, "the gunman kill police" 2.
    reference = "police killed the gunman".split()
    assert longest_common(reference, "police kill the gunman".split()) == 3
    assert longest_common(reference, "the gunman kill police".split()) == 2
    assert rouge_l(["police kill the gunman".split()], [[reference]]) == pytest.approx(0.75)
    assert rouge_l(["the gunman kill police".split()], [[reference]]) == pytest.approx(0.5)


def test_cider_gives_ten_to_the_same_caption_and_nothing_to_a_foreign_one() -> None:
    cider = Cider(CORPUS)
    same = CORPUS[0][0]
    assert cider.score(same, cider.prepare([same])) == pytest.approx(10)
    assert cider.score("quite other words here".split(), cider.prepare([same])) == 0


def test_cider_does_not_reward_repetition() -> None:
    cider = Cider(CORPUS)
    refs = cider.prepare(CORPUS[2])
    assert cider.score("panda panda panda panda".split(), refs) < cider.score("a red panda in a tree".split(), refs)


def test_metrics_equal_coco_caption() -> None:
    theirs = pytest.importorskip("pycocoevalcap.bleu.bleu").Bleu(4)
    from pycocoevalcap.cider.cider import Cider as TheirCider
    from pycocoevalcap.rouge.rouge import Rouge

    joined = {i: [" ".join(c)] for i, c in enumerate(CAPTIONS)}
    references = {i: [" ".join(r) for r in refs] for i, refs in enumerate(CORPUS)}
    assert bleu(CAPTIONS, CORPUS) == pytest.approx(theirs.compute_score(references, joined, verbose=0)[0], rel=1e-6)
    assert rouge_l(CAPTIONS, CORPUS) == pytest.approx(Rouge().compute_score(references, joined)[0], rel=1e-6)
    # Their "CIDEr" is CIDEr-D: clipped, with the penalty on length.
    assert cider_d(CAPTIONS, CORPUS)[0] == pytest.approx(TheirCider().compute_score(references, joined)[0], rel=1e-6)


def test_chair_counts_what_no_reference_names() -> None:
    captions = ["a man with a dog".split(), "two puppies on a couch".split()]
    references = [["a man walks".split(), "a person".split()], ["dogs on a sofa".split()]]
    assert chair(captions, references, read_objects()) == (1 / 4, 1 / 2, 1)


def test_cider_d_is_the_mean_over_pictures() -> None:
    mean, each = cider_d(CAPTIONS, CORPUS)
    assert mean == pytest.approx(sum(each) / 3)


def test_a_thing_is_named_by_a_word_of_its_label_or_by_an_object_of_the_references() -> None:
    label, objects = ["mailbox", "mailboxes", "box"], read_objects()
    hydrant = ["a yellow hydrant on a street".split(), "a man passes a fire hydrant".split()]
    assert named("a small mailbox on a wall".split(), ["a mail box outside".split()], label, objects) == (True, True)
    assert named("a small mailbox on a wall".split(), hydrant, label, objects) == (False, False)
    assert named("a hydrant on a wall".split(), hydrant, label, objects) == (False, True)
    assert named("a man on a street".split(), hydrant, label, objects) == (False, False)
