"""Writes scripts/compat/ctranslate2.golden.json.gz: small random translators as CTranslate2 keeps them, and what CTranslate2 makes of them.

    pip install ctranslate2==4.8.5 && python scripts/reference/ctranslate2_golden.py

Each case is a model of one option of `TransformerSpec`: its files, the log-probabilities of every token of some targets, and the
tokens of greedy search. Without a network, and the same in every run.
"""

import base64
import gzip
import json
import os
import tempfile

import ctranslate2
import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

DIM, HEADS, INNER, SOURCE, TARGET = 8, 2, 12, 14, 18
ACTIVATION = common_spec.Activation

# name: (options of the spec, quantisation, other settings)
CASES = {
    "pre-norm, ReLU, sinusoidal positions, float32": ({}, None, {}),
    "post-norm": ({"pre_norm": False}, None, {}),
    "GELU": ({"activation": ACTIVATION.GELU}, None, {}),
    "GELU by tanh": ({"activation": ACTIVATION.GELUTanh}, None, {}),
    "GELU by sigmoid": ({"activation": ACTIVATION.GELUSigmoid}, None, {}),
    "SiLU": ({"activation": ACTIVATION.SWISH}, None, {}),
    "learned positions": ({}, None, {"positions": 24}),
    "post-norm with a norm of embeddings, learned positions (BART)": (
        {"pre_norm": False, "layernorm_embedding": True},
        None,
        {"positions": 24},
    ),
    "embeddings as they are": ({}, None, {"scale_embeddings": False}),
    "one vocabulary, one embedding": ({}, None, {"shared": True}),
    "an output layer that is the embedding": ({}, None, {"tied": True}),
    "begin without a token": ({}, None, {"zero_start": True}),
    "start and end around the source": ({}, None, {"around": True}),
    "int8": ({}, "int8", {}),
    "int8, learned positions, one embedding": ({}, "int8", {"positions": 24, "shared": True}),
    "int16": ({}, "int16", {}),
    "float16": ({}, "float16", {}),
    "bfloat16": ({}, "bfloat16", {}),
}
REFUSED = {
    "relative positions": {"relative_position": True},
    "relative attention biases": {"relative_attention_bias": True},
    "gated feed-forward layers": {"ffn_glu": True},
    "RMS norms": {"rms_norm": True},
}


def on_grid(weight):
    """Every row as multiples of a 127th of its largest: so rounding to int8 loses nothing, and results can be held to be equal."""
    step = np.abs(weight).max(axis=1, keepdims=True) / 127
    return (np.round(weight / step) * step).astype(np.float32)


def fill(layer, random):
    """Gives every weight that is None a random value of the right shape."""
    def linear(spec, outputs, inputs, bias=True):
        spec.weight = on_grid(random.standard_normal((outputs, inputs)) / np.sqrt(inputs) * 1.5)
        if bias:
            spec.bias = (random.standard_normal(outputs) * 0.3).astype(np.float32)

    def norm(spec):
        spec.gamma = (1 + 0.2 * random.standard_normal(DIM)).astype(np.float32)
        if hasattr(spec, "beta"):
            spec.beta = (0.2 * random.standard_normal(DIM)).astype(np.float32)

    def attention(spec, is_self):
        norm(spec.layer_norm)
        widths = [3 * DIM, DIM] if is_self else [DIM, 2 * DIM, DIM]
        for part, width in zip(spec.linear, widths):
            linear(part, width, DIM)
        if hasattr(spec, "relative_position_keys"):
            spec.relative_position_keys = random.standard_normal((9, DIM // HEADS)).astype(np.float32)
            spec.relative_position_values = random.standard_normal((9, DIM // HEADS)).astype(np.float32)
        if hasattr(spec, "relative_attention_bias"):
            spec.relative_attention_bias = random.standard_normal((8, HEADS)).astype(np.float32)
            spec.relative_attention_max_distance = np.dtype("int32").type(16)

    for block in layer.layer:
        attention(block.self_attention, True)
        if hasattr(block, "attention"):
            attention(block.attention, False)
        norm(block.ffn.layer_norm)
        linear(block.ffn.linear_0, INNER, DIM)
        linear(block.ffn.linear_1, DIM, INNER)
        if hasattr(block.ffn, "linear_0_noact"):
            linear(block.ffn.linear_0_noact, INNER, DIM)
    for name in ("layer_norm", "layernorm_embedding"):
        if hasattr(layer, name):
            norm(getattr(layer, name))


def build(options, quantisation, settings, folder, seed):
    random = np.random.default_rng(seed)
    shared = settings.get("shared", False)
    source_size = TARGET if shared else SOURCE
    spec = transformer_spec.TransformerSpec(
        transformer_spec.TransformerEncoderSpec(1, HEADS, **options),
        transformer_spec.TransformerDecoderSpec(2, HEADS, **options),
    )
    fill(spec.encoder, random)
    fill(spec.decoder, random)
    table = lambda size: on_grid(random.standard_normal((size, DIM)) * 0.5)
    spec.decoder.embeddings.weight = table(TARGET)
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight if shared else table(source_size)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight if settings.get("tied") else table(TARGET)
    spec.decoder.projection.bias = (random.standard_normal(TARGET) * 0.3).astype(np.float32)
    for side in (spec.encoder, spec.decoder):
        if "positions" in settings:
            side.position_encodings.encodings = table(settings["positions"])
        if "scale_embeddings" in settings:
            side.scale_embeddings = settings["scale_embeddings"]
    if settings.get("zero_start"):
        spec.decoder.start_from_zero_embedding = True
    special = ["<unk>", "<s>", "</s>"]
    target = special + [f"t{i}" for i in range(TARGET - 3)]
    source = target if shared else special + [f"s{i}" for i in range(source_size - 3)]
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    if settings.get("around"):
        spec.config.add_source_bos = True
        spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization=quantisation)
    os.makedirs(folder)
    spec.save(folder)
    return source, target


def main():
    golden = {"cases": [], "refused": []}
    with tempfile.TemporaryDirectory() as root:
        for number, (name, (options, quantisation, settings)) in enumerate(CASES.items()):
            folder = os.path.join(root, str(number))
            source, target = build(options, quantisation, settings, folder, number)
            translator = ctranslate2.Translator(folder, compute_type="float32")
            random = np.random.default_rng(1000 + number)
            pick = lambda words, n: [words[i] for i in random.integers(3, len(words), n)]
            sources = [pick(source, n) for n in (5, 1, 9)]
            targets = [pick(target, n) for n in (6, 3, 8)]
            scores = translator.score_batch(sources, targets)
            greedy = translator.translate_batch(
                sources, beam_size=1, max_decoding_length=12, min_decoding_length=0
            )
            files = {}
            for file in sorted(os.listdir(folder)):
                with open(os.path.join(folder, file), "rb") as opened:
                    files[file] = base64.b64encode(opened.read()).decode()
            golden["cases"].append(
                {
                    "name": name,
                    "files": files,
                    "sentences": [
                        {
                            "source": s,
                            "target": t,
                            "logProbs": [round(float(p), 6) for p in score.log_probs],
                            "greedy": result.hypotheses[0],
                        }
                        for s, t, score, result in zip(sources, targets, scores, greedy)
                    ],
                }
            )
        for number, (name, options) in enumerate(REFUSED.items()):
            folder = os.path.join(root, f"refused{number}")
            build(options, None, {}, folder, number)
            with open(os.path.join(folder, "model.bin"), "rb") as opened:
                golden["refused"].append({"name": name, "model": base64.b64encode(opened.read()).decode()})
    path = os.path.join(os.path.dirname(__file__), "../compat/ctranslate2.golden.json.gz")
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as opened:
        opened.write(json.dumps(golden).encode())
    print(len(golden["cases"]), "cases,", os.path.getsize(path), "bytes")


main()
