"""Writes scripts/compat/whisper.golden.json.gz: small random Whispers as CTranslate2 keeps them, and what CTranslate2 makes of them.

    pip install ctranslate2==4.8.5 && python scripts/reference/ctranslate2_whisper_golden.py

Each case is a Whisper of one shape and one type of weights: its model.bin and config.json, rows of the encoder's output, the
probability of each language, what greedy and beam search write, and where the heads that follow time look. Vocabularies are of the real
sizes, because that is how a multilingual Whisper is told from an English one; src/convert/whisper.fixture.ts makes the same tokens.
Without a network, and the same in every run.
"""

import gzip
import json
import os
import tempfile

import ctranslate2
import numpy as np
from ctranslate2.specs import whisper_spec

WORDS_ENGLISH, WORDS = 50256, 50257
TIMES = 1501
POSITIONS = 60
TARGET_POSITIONS = 96
# Words that may be said, and how unlikely the others are.
USED, NEVER = 160, -40.0
MOST_TOKENS = 24

# name: sizes; `languages` 0 is English-only
CASES = {
    "multilingual, 80 mel bands, float32": {},
    "128 mel bands, 100 languages (large-v3), float16": {"mels": 128, "languages": 100, "type": "float16"},
    "one decoder layer (distilled), 4 heads": {"dim": 16, "encoder": 3, "decoder": 1, "heads": 4, "languages": 100, "mels": 128},
    "English-only, heads of time not said": {"languages": 0, "alignment": None},
    "sharp attention, for the times of words": {"sharpness": 3, "type": "float16"},
    "int8": {"type": "int8"},
    "int16": {"type": "int16"},
}
DEFAULTS = {
    "dim": 8, "heads": 2, "encoder": 2, "decoder": 2, "mels": 80, "languages": 99, "type": None, "alignment": [[1, 0], [1, 1]],
    # How sharply the decoder looks at the sound: what is kept of it is rounded to 8 bits in the browser.
    "sharpness": 1,
}
LANGUAGES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv "
    "bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa "
    "lb my bo tl mg as tt haw ln ha ba jw su yue"
).split()


def tokens_of(languages):
    """The vocabulary: see `realTokens` of src/convert/whisper.fixture.ts."""
    def letters(n):
        text = ""
        while n >= 0:
            text = chr(97 + n % 26) + text
            n = n // 26 - 1
        return text

    count = WORDS if languages else WORDS_ENGLISH
    words = [("\u0120" if i % 2 == 0 else "") + letters(i) for i in range(count)]
    if languages:
        # By its empty token CTranslate2 tells a multilingual vocabulary.
        words[-1] = ""
    listed = LANGUAGES[: languages or 99]
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{tag}|>" for tag in listed)]
    special += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    special += ["<|nospeech|>" if languages == 100 else "<|nocaptions|>", "<|notimestamps|>"]
    return words + special + [f"<|{i * 0.02:.2f}|>" for i in range(TIMES)]


def on_grid(weight):
    """Every row as a few levels of a 127th of its largest: so rounding to int8 loses nothing, and it can be packed small."""
    flat = weight.reshape(len(weight), -1)
    step = np.abs(flat).max(axis=1, keepdims=True).astype(np.float16).astype(np.float32) / 127
    levels = np.round(flat / step / 16) * 16
    levels[np.arange(len(flat)), np.abs(flat).argmax(axis=1)] = 127
    return (np.clip(levels, -127, 127) * step).reshape(weight.shape).astype(np.float32)


def build(sizes, folder, seed):
    random = np.random.default_rng(seed)
    dim, heads = sizes["dim"], sizes["heads"]
    inner = 2 * dim
    spec = whisper_spec.WhisperSpec(sizes["encoder"], heads, sizes["decoder"], heads)

    def linear(part, outputs, inputs, gain=1.5):
        part.weight = on_grid(random.standard_normal((outputs, inputs)) / np.sqrt(inputs) * gain)
        part.bias = (random.standard_normal(outputs) * 0.3).astype(np.float32)

    def norm(part):
        part.gamma = (1 + 0.2 * random.standard_normal(dim)).astype(np.float32)
        part.beta = (0.2 * random.standard_normal(dim)).astype(np.float32)

    def attention(part, widths):
        norm(part.layer_norm)
        for each, width in zip(part.linear, widths):
            linear(each, width, dim)

    for side in (spec.encoder, spec.decoder):
        for layer in side.layer:
            attention(layer.self_attention, [3 * dim, dim])
            if hasattr(layer, "attention"):
                attention(layer.attention, [dim, 2 * dim, dim])
                layer.attention.linear[0].weight *= sizes["sharpness"]
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, inner, dim)
            linear(layer.ffn.linear_1, dim, inner)
        norm(side.layer_norm)
    for part, channels in ((spec.encoder.conv1, sizes["mels"]), (spec.encoder.conv2, dim)):
        part.weight = on_grid(random.standard_normal((dim, channels, 3)) / np.sqrt(3 * channels) * 2)
        part.bias = (random.standard_normal(dim) * 0.3).astype(np.float32)
    table = lambda rows, gain: (random.integers(-8, 8, (rows, dim)) / 8 * gain).astype(np.float32)
    spec.encoder.position_encodings.encodings = table(POSITIONS, 0.8)
    spec.decoder.position_encodings.encodings = table(TARGET_POSITIONS, 2.0)

    tokens = tokens_of(sizes["languages"])
    # The first of the dimensions only keeps most words from being said: their rows need not be told apart, nor stored.
    rows = np.zeros((len(tokens), dim), np.float32)
    rows[:, 0] = NEVER
    count = WORDS if sizes["languages"] else WORDS_ENGLISH
    used = np.concatenate([random.permutation(WORDS_ENGLISH)[:USED], np.arange(count, len(tokens))])
    # Few levels, to be packed small; one of them the largest, so that rounding to int8 loses nothing.
    rows[used] = random.choice([-85, -42, 0, 42, 85], (len(used), dim)) * np.float32(1.5 / 127)
    rows[used, random.integers(1, dim, len(used))] = 1.5
    rows[used, 0] = 0
    # Times are many, and words must come, too.
    rows[-TIMES:] *= np.float32(0.6)
    spec.decoder.layer_norm.gamma[0], spec.decoder.layer_norm.beta[0] = 0.0, 1.0
    spec.decoder.embeddings.weight = rows
    spec.decoder.projection.weight = rows
    spec.register_vocabulary(tokens)
    id_of = {token: i for i, token in enumerate(tokens)}
    spec.config.suppress_ids = [-1, *(int(i) for i in random.permutation(used[:USED])[:20])]
    # Unlike CTranslate2, what runs in the browser never says a language or a task.
    spec.config.suppress_ids += range(id_of["<|startoftranscript|>"], id_of["<|0.00|>"])
    spec.config.suppress_ids_begin = [int(used[0]), id_of["<|endoftext|>"]]
    spec.config.lang_ids = [id_of[f"<|{tag}|>"] for tag in LANGUAGES[: sizes["languages"] or 99]]
    spec.config.alignment_heads = sizes["alignment"] and [[min(l, sizes["decoder"] - 1), h] for l, h in sizes["alignment"]]
    spec.validate()
    spec.optimize(quantization=sizes["type"])
    os.makedirs(folder)
    spec.save(folder)
    return id_of


def features(mels, frames, kind):
    """Values that the test computes, too."""
    b, t = np.arange(mels)[:, None], np.arange(frames)[None, :]
    return (np.sin(0.37 * b * (1 + kind) + 0.11 * t * (1 + 0.05 * b)) * (0.6 + 0.4 * np.sin(0.05 * t + kind))).astype(np.float32)


def short(values):
    return [float(f"{value:.5g}") for value in np.asarray(values, np.float64).ravel()]


def main():
    golden = []
    with tempfile.TemporaryDirectory() as root:
        for number, (name, changes) in enumerate(CASES.items()):
            sizes = DEFAULTS | changes
            folder = os.path.join(root, str(number))
            ids = build(sizes, folder, 10 + number)
            config = os.path.join(folder, "config.json")
            with open(config) as opened:
                written = json.load(opened)
            case = {"name": name, "languages": sizes["languages"], "config": written, "windows": []}
            with open(os.path.join(folder, "model.bin"), "rb") as opened:
                case["model"] = opened.read().hex()
            if written["alignment_heads"] is None:
                # CTranslate2 itself must be told; its converter assumes all heads of the upper half of the layers.
                with open(config, "w") as opened:
                    json.dump(written | {"alignment_heads": [[1, 0], [1, 1]]}, opened)
            model = ctranslate2.models.Whisper(folder, compute_type="float32")
            for kind in range(3):
                mel = features(sizes["mels"], 2 * POSITIONS, kind)[None]
                view = ctranslate2.StorageView.from_array(np.ascontiguousarray(mel))
                encoded = np.array(model.encode(view))[0]
                window = {"kind": kind, "encoded": [short(row) for row in encoded[::20]], "written": []}
                if sizes["languages"]:
                    chances = dict(model.detect_language(view)[0])
                    window["languages"] = {tag: short([chances[f"<|{tag}|>"]])[0] for tag in LANGUAGES[: sizes["languages"]]}
                    heard = max(window["languages"], key=window["languages"].get)
                    prompts = {task: ["<|startoftranscript|>", f"<|{heard}|>", f"<|{task}|>"] for task in ("transcribe", "translate")}
                else:
                    prompts = {"transcribe": ["<|startoftranscript|>"]}
                for task, prompt in prompts.items():
                    for beams in (1, 5):
                        (result,) = model.generate(
                            view, [prompt], beam_size=beams, max_length=2 * MOST_TOKENS, return_scores=True, return_no_speech_prob=True
                        )
                        window["written"].append(
                            {
                                "prompt": [ids[token] for token in prompt],
                                "task": task,
                                "beams": beams,
                                "ids": result.sequences_ids[0],
                                "score": short(result.scores)[0],
                                "noSpeech": short([result.no_speech_prob])[0],
                            }
                        )
                start = [ids[token] for token in prompts["transcribe"]]
                text = [i for i in window["written"][0]["ids"] if i < ids["<|endoftext|>"]]
                if text:
                    (aligned,) = model.align(view, start, [text], 2 * POSITIONS)
                    onsets = {}
                    for token, frame in aligned.alignments:
                        onsets.setdefault(token, frame)
                    window["aligned"] = {
                        "prompt": [*start, ids["<|notimestamps|>"]],
                        "text": text,
                        "probabilities": short(aligned.text_token_probs),
                        "onsets": [onsets[token] for token in range(len(text))],
                    }
                case["windows"].append(window)
            golden.append(case)
            print(name, [[w["ids"] for w in window["written"]] for window in case["windows"]][0])
    path = os.path.join(os.path.dirname(__file__), "../compat/whisper.golden.json.gz")
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as opened:
        opened.write(json.dumps(golden).encode())
    print(len(golden), "cases,", os.path.getsize(path), "bytes")


if __name__ == "__main__":
    main()
