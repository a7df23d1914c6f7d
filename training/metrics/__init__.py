"""BLEU, ROUGE-L, CIDEr-D and CHAIR over words (lists of strings, lower-cased, without punctuation)."""

from .bleu import bleu
from .chair import chair, read_objects
from .cider import Cider
from .rouge import rouge_l

__all__ = ["Cider", "bleu", "chair", "read_objects", "rouge_l"]
