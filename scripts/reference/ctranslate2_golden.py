"""Writes scripts/compat/ctranslate2.golden.json.gz: small random translators as CTranslate2 keeps them, and what CTranslate2 makes of them.

    pip install ctranslate2==4.8.5 sentencepiece==0.2.3 torch==2.13.0 && python scripts/reference/ctranslate2_golden.py

Each case is a model of one option of `TransformerSpec`: its files, the log-probabilities of every token of some targets, the
tokens of greedy search, and those of beam search, where some begin with tokens that are given. Each text is a model with the
SentencePiece files and special tokens of those that people have, and what these make of sentences. Without a network, and the
same in every run. Output layers are large, so that tokens are told apart about as well as by a trained model.
"""

import base64
import gzip
import io
import json
import os
import tempfile

import ctranslate2
import numpy as np
import sentencepiece
from ctranslate2.specs import common_spec, transformer_spec

DIM, HEADS, INNER, SOURCE, TARGET = 8, 2, 12, 14, 18
SPECIAL = ["<unk>", "<s>", "</s>"]
GREEDY_TOKENS, BEAM_TOKENS, BEAMS = 12, 10, 4
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
    target = settings.get("target", SPECIAL + [f"t{i}" for i in range(TARGET - 3)])
    source = target if shared else settings.get("source", SPECIAL + [f"s{i}" for i in range(SOURCE - 3)])
    spec = transformer_spec.TransformerSpec(
        transformer_spec.TransformerEncoderSpec(1, HEADS, **options),
        transformer_spec.TransformerDecoderSpec(2, HEADS, **options),
    )
    fill(spec.encoder, random)
    fill(spec.decoder, random)
    table = lambda size: on_grid(random.standard_normal((size, DIM)) * 0.5)
    spec.decoder.embeddings.weight = table(len(target))
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight if shared else table(len(source))
    spec.decoder.projection.weight = (
        spec.decoder.embeddings.weight
        if settings.get("tied")
        else on_grid(random.standard_normal((len(target), DIM)) * 1.5)
    )
    spec.decoder.projection.bias = (random.standard_normal(len(target)) * 0.3).astype(np.float32)
    spec.decoder.projection.bias[target.index("</s>")] += settings.get("ending", 1)
    for token in settings.get("never", []):
        spec.decoder.projection.bias[target.index(token)] = -30
    for side in (spec.encoder, spec.decoder):
        if "positions" in settings:
            side.position_encodings.encodings = table(settings["positions"])
        if "scale_embeddings" in settings:
            side.scale_embeddings = settings["scale_embeddings"]
    if settings.get("zero_start"):
        spec.decoder.start_from_zero_embedding = True
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    if settings.get("around"):
        spec.config.add_source_bos = True
        spec.config.add_source_eos = True
    for name, value in settings.get("config", {}).items():
        setattr(spec.config, name, value)
    spec.validate()
    spec.optimize(quantization=quantisation)
    os.makedirs(folder)
    spec.save(folder)
    return source, target


def encoded_files(folder):
    files = {}
    for file in sorted(os.listdir(folder)):
        with open(os.path.join(folder, file), "rb") as opened:
            files[file] = base64.b64encode(opened.read()).decode()
    return files


def search(translator, sources, prefix):
    """Greedy and beam search behind a prefix, which is no part of what is given back."""
    options = {"target_prefix": [prefix] * len(sources)} if prefix else {}
    said = lambda hypotheses: [tokens[len(prefix) :] for tokens in hypotheses]
    greedy = translator.translate_batch(
        sources, beam_size=1, max_decoding_length=GREEDY_TOKENS + len(prefix), min_decoding_length=0, **options
    )
    # Ranked by their sums: CTranslate2 counts the prefix in a mean. Patient, so that the best are all found; with a penalty of 0
    # it would leave off early.
    beams = translator.translate_batch(
        sources,
        beam_size=BEAMS,
        num_hypotheses=BEAMS,
        patience=16,
        length_penalty=1e-9,
        max_decoding_length=BEAM_TOKENS + len(prefix),
        min_decoding_length=1 + len(prefix),
        **options,
    )
    return [
        {"greedy": said(one.hypotheses)[0], "beams": said(four.hypotheses)} for one, four in zip(greedy, beams)
    ]


def tokens_case(root, number, name, options, quantisation, settings):
    folder = os.path.join(root, str(number))
    source, target = build(options, quantisation, settings, folder, number)
    translator = ctranslate2.Translator(folder, compute_type="float32")
    random = np.random.default_rng(1000 + number)
    pick = lambda words, n: [words[i] for i in random.integers(3, len(words), n)]
    sources = [pick(source, n) for n in (5, 1, 9)]
    targets = [pick(target, n) for n in (6, 3, 8)]
    prefix = pick(target, number % 3)
    scores = translator.score_batch(sources, targets)
    return {
        "name": name,
        "files": encoded_files(folder),
        "prefix": prefix,
        "sentences": [
            {"source": s, "target": t, "logProbs": [round(float(p), 6) for p in score.log_probs], **found}
            for s, t, score, found in zip(sources, targets, scores, search(translator, sources, prefix))
        ],
    }


ENGLISH = [
    "the cat sat on the mat and the dog sat on the cat",
    "a ship and a sheep sat in the shade of the hat",
    "that is the hat that the cat had in the shed",
    "then the dog had the ham and the cat had the hen",
]
PORTUGUESE = [
    "o gato dorme no tapete e o rato come o pato",
    "a rata e a gata comem na mata de dia",
    "o pato nada no mar e o gato come na rede",
    "de dia a gata dorme e a pata nada no mar",
]
SENTENCES = ["the cat sat in the shed", "a dog", "that sheep had the ham  of the hen", "the cat is in Rome, they say"]


def train(lines, kind, size):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        model_type=kind,
        vocab_size=size,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        bos_id=1,
        eos_id=2,
        unk_id=0,
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def pieces_of(model):
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    return [p for p in map(processor.id_to_piece, range(len(processor))) if p not in SPECIAL]


def text_cases():
    """name: SentencePiece models of the source and the target, settings, tokens before and after a source, prefix of the target"""
    both = ENGLISH + PORTUGUESE
    bpe, unigram = train(both, "bpe", 48), train(both, "unigram", 44)
    english, portuguese = train(ENGLISH, "unigram", 30), train(PORTUGUESE, "unigram", 30)
    # Not in the order of SentencePiece, and not all of its pieces.
    listed = lambda pieces: [piece for piece in sorted(pieces) if piece not in ("▁had", "had", "▁dorme")]
    union = lambda *lists: list(dict.fromkeys(piece for pieces in lists for piece in pieces))
    opus = ["</s>", "<unk>"] + union(listed(pieces_of(english)), listed(pieces_of(portuguese)))
    # The library writes what is none of its pieces as it is.
    foreign = [piece for piece in opus if piece not in pieces_of(portuguese) and piece != "</s>"]
    hugging = ["<s>", "<pad>", "</s>", "<unk>"]
    hugging_start = {"decoder_start_token": "</s>"}
    return {
        "Argos: BPE pieces, two vocabularies": (
            bpe,
            bpe,
            {
                "source": SPECIAL + listed(pieces_of(bpe)),
                "target": SPECIAL + sorted(pieces_of(bpe), reverse=True),
                "never": ["<unk>", "<s>"],
            },
            ([], [], []),
        ),
        "Argos: unigram pieces, one vocabulary, a target prefix": (
            unigram,
            unigram,
            {"shared": True, "target": SPECIAL + listed(pieces_of(unigram)) + ["__pt__"], "never": ["<unk>", "<s>", "__pt__"]},
            ([], [], ["__pt__"]),
        ),
        "OPUS-MT: two SentencePiece models, one vocabulary": (
            english,
            portuguese,
            {"shared": True, "target": opus, "never": foreign, "zero_start": True, "config": {"decoder_start_token": "</s>"}},
            ([], ["</s>"], []),
        ),
        "OPUS-MT into several languages": (
            english,
            portuguese,
            {
                "shared": True,
                "target": opus + [">>por<<", ">>spa<<"],
                "never": [*foreign, ">>por<<", ">>spa<<"],
                "zero_start": True,
                "config": {"decoder_start_token": "</s>", "add_source_eos": True},
            },
            ([">>por<<"], [], []),
        ),
        "M2M-100": (
            bpe,
            bpe,
            {
                "shared": True,
                "target": hugging + pieces_of(bpe) + ["__en__", "__pt__", "madeupword0"],
                "never": ["<s>", "<pad>", "<unk>", "__en__", "__pt__", "madeupword0"],
                "config": hugging_start,
            },
            (["__en__"], ["</s>"], ["__pt__"]),
        ),
        "NLLB-200": (
            unigram,
            unigram,
            {
                "shared": True,
                "target": hugging + pieces_of(unigram) + ["por_Latn", "eng_Latn", "<mask>"],
                "never": ["<s>", "<pad>", "<unk>", "eng_Latn", "por_Latn", "<mask>"],
                "config": hugging_start,
            },
            (["eng_Latn"], ["</s>"], ["por_Latn"]),
        ),
    }


def text_case(root, number, name, source_model, target_model, settings, around):
    folder = os.path.join(root, f"text{number}")
    build({}, None, {"ending": 3, **settings}, folder, 100 + number)
    translator = ctranslate2.Translator(folder, compute_type="float32")
    read = sentencepiece.SentencePieceProcessor(model_proto=source_model)
    write = sentencepiece.SentencePieceProcessor(model_proto=target_model)
    before, after, prefix = around
    pieces = [read.encode(text, out_type=str) for text in SENTENCES]
    found = search(translator, [before + tokens + after for tokens in pieces], prefix)
    return {
        "name": name,
        "files": encoded_files(folder),
        "sentencePiece": base64.b64encode(target_model).decode(),
        **({} if source_model == target_model else {"sourceSentencePiece": base64.b64encode(source_model).decode()}),
        **({"targetPrefix": prefix[0]} if name.startswith("Argos") and prefix else {}),
        "sentences": [
            {"text": text, "pieces": tokens, **searched, "said": write.decode(searched["greedy"])}
            for text, tokens, searched in zip(SENTENCES, pieces, found)
        ],
    }


def main():
    golden = {"cases": [], "texts": [], "refused": []}
    with tempfile.TemporaryDirectory() as root:
        for number, (name, (options, quantisation, settings)) in enumerate(CASES.items()):
            golden["cases"].append(tokens_case(root, number, name, options, quantisation, settings))
        for number, (name, case) in enumerate(text_cases().items()):
            golden["texts"].append(text_case(root, number, name, *case))
        for number, (name, options) in enumerate(REFUSED.items()):
            folder = os.path.join(root, f"refused{number}")
            build(options, None, {}, folder, number)
            golden["refused"].append({"name": name, "model": encoded_files(folder)["model.bin"]})
    path = os.path.join(os.path.dirname(__file__), "../compat/ctranslate2.golden.json.gz")
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as opened:
        opened.write(json.dumps(golden).encode())
    print(len(golden["cases"]), "cases,", len(golden["texts"]), "texts,", os.path.getsize(path), "bytes")


main()
