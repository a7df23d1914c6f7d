# /// script
# requires-python = ">=3.10"
# dependencies = ["sentencepiece==0.2.3", "protobuf==7.36.2"]
# ///
"""Writes what the SentencePiece library makes of 500 lines with BPE models, for the tests of src/worker/features/bytePairSegmenter.ts.

    python scripts/reference/byte_pair_golden.py > src/worker/features/bytePairSegmenter.golden.json.gz

The lines are those of sentencepiece_golden.py; the models are trained on its phrases: a plain one; one with symbols that a
user defined, with bytes for what is unknown, and with all spaces kept; and the plain one with every third piece not to be used.
Output, JSON, gzipped: {library, lines, models: {name: {model (base64), ids}}}, ids an entry a line.
"""
import base64
import gzip
import io
import json
import sys

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from sentencepiece_golden import PHRASES, make_lines

NORMAL, UNUSED = 1, 5


def train(**options) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(PHRASES * 3),
        model_writer=model,
        model_type="bpe",
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        num_threads=1,
        minloglevel=2,
        **options,
    )
    return model.getvalue()


def with_unused(model: bytes) -> bytes:
    proto = sentencepiece_model_pb2.ModelProto.FromString(model)
    merged = [piece for piece in proto.pieces if piece.type == NORMAL and len(piece.piece) > 1]
    for piece in merged[::3]:
        piece.type = UNUSED
    return proto.SerializeToString()


def main() -> None:
    lines = make_lines()
    lines = lines[:200] + lines[-300:] + ["a" * 3000]
    plain = train(vocab_size=900, character_coverage=0.98)
    models = {
        "plain": plain,
        "user-defined": train(
            vocab_size=1100,
            byte_fallback=True,
            character_coverage=0.98,
            user_defined_symbols=["://", "the", "ção", "{name}", "▁a▁"],
            remove_extra_whitespaces=False,
            add_dummy_prefix=False,
        ),
        "unused": with_unused(plain),
    }
    golden = {"library": f"sentencepiece {sentencepiece.__version__}", "lines": lines, "models": {}}
    for name, model in models.items():
        library = sentencepiece.SentencePieceProcessor(model_proto=model)
        golden["models"][name] = {
            "model": base64.b64encode(model).decode(),
            "ids": [library.encode(line) for line in lines],
        }
    data = json.dumps(golden, ensure_ascii=False, separators=(",", ":")).encode()
    sys.stdout.buffer.write(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main()
