# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "faster-whisper==1.2.1"]
# ///
"""Writes models/whisper-tiny.en/golden.json: what float32 implementations of the original weights make of two recordings.

    python scripts/reference/whisper_golden.py DIR e2e/audio/beckett.wav e2e/audio/two_cities.flac > models/whisper-tiny.en/golden.json

DIR holds CTranslate2's model.bin, config.json, tokenizer.json and vocabulary.txt. Of each recording the text that faster-whisper writes
down with greedy search. Of the first one, heard with `frames` frames: some rows of the encoder's output, the probability of no speech,
and for the first steps of greedy search under Whisper's rules the id, and before any rule the most probable ids with their
log-probabilities and where each alignment head looks most and how much. Encoder and decoder are those of whisper.py: with the `original`
weights, and with weights `rounded` as the conversion rounds them, which finds the same values as the graphs that compute in float.
"""
import json
import pathlib
import sys
import wave

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor

from whisper import Whisper, log_softmax, softmax

FRAMES = 1800
ROWS = range(0, FRAMES // 2, 75)
STEPS = 20
IDS_SHOWN = 5
# What may differ from the original weights (int8 graphs, every product rounded) and from the rounded ones (float graphs: only the order of
# sums, and what the decoder attends to, which is handed over as int8). `encoded`: root of the mean square of a row, relative to the
# reference's; all rows but `strayRows` of them: rounding turns what a few frames of silence attend to. Others: largest difference.
TOLERANCE = {
    "original": {"encoded": 0.15, "strayRows": 0, "noSpeech": 0.03, "logProb": 0.8, "attention": 0.1},
    "rounded": {"encoded": 0.002, "strayRows": 1, "noSpeech": 0.002, "logProb": 0.1, "attention": 0.03},
}
SOT, EOT, NO_SPEECH, NO_TIMES, TIME_0 = 50257, 50256, 50361, 50362, 50363


def allowed(logits, ids, config):
    """openai/whisper decoding.py: SuppressTokens, SuppressBlank and ApplyTimestampRules."""
    logits = logits.copy()
    logits[[i for i in config["suppress_ids"] if i >= 0] + [NO_TIMES]] = -np.inf
    is_time = [i >= TIME_0 for i in ids]
    if not ids:
        logits[config["suppress_ids_begin"]] = -np.inf
        logits[:TIME_0] = -np.inf
        logits[TIME_0 + 51 :] = -np.inf
    else:
        after, pair = is_time[-1], len(ids) < 2 or is_time[-2]
        if after and pair:
            logits[TIME_0:] = -np.inf
        elif after:
            logits[:EOT] = -np.inf
        last = [i for i in ids if i >= TIME_0][-1]
        logits[TIME_0 : last if after and not pair else last + 1] = -np.inf
    scores = log_softmax(logits)
    if np.exp(scores[TIME_0:]).sum() > np.exp(scores[:TIME_0].max()):
        logits[:TIME_0] = -np.inf
    return log_softmax(logits)


def short(values):
    return [float(f"{value:.5g}") for value in np.asarray(values).ravel()]


def hear(whisper, mel, config, forced):
    """What a model makes of a window; with `forced` ids, of those, otherwise of the ids that it finds likeliest."""
    encoded = whisper.encode(mel)
    ids, steps, no_speech = [], [], 0.0
    while len(ids) < STEPS and EOT not in ids:
        logits, attention = whisper.decode([SOT, *ids], encoded)
        if not ids:
            no_speech = float(softmax(logits[0])[NO_SPEECH])
        raw = log_softmax(logits[-1])
        heads = [attention[layer][head][-1] for layer, head in config["alignment_heads"]]
        ids.append(forced[len(ids)] if forced else int(allowed(logits[-1], ids, config).argmax()))
        best = np.argsort(-raw)[:IDS_SHOWN]
        steps.append(
            {
                "best": [[int(i), *short([raw[i]])] for i in best],
                "attention": [[int(head.argmax()), *short([head.max()])] for head in heads],
            }
        )
    return ids, {"encoded": [short(encoded[row]) for row in ROWS], "noSpeech": no_speech, "steps": steps}


def main():
    folder, *recordings = map(pathlib.Path, sys.argv[1:])
    config = json.loads((folder / "config.json").read_text())
    with wave.open(str(recordings[0])) as sound:
        assert sound.getframerate() == 16000 and sound.getnchannels() == 1
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / np.float32(32768)
    padded = np.zeros(480000, np.float32)
    padded[: len(samples)] = samples
    mel = FeatureExtractor(feature_size=80)(padded)[:, :FRAMES].astype(np.float32)
    ids, original = hear(Whisper(folder / "model.bin"), mel, config, None)
    _, rounded = hear(Whisper(folder / "model.bin", round_weights=True), mel, config, ids)
    model = WhisperModel(str(folder), device="cpu", compute_type="float32")
    options = {"beam_size": 1, "temperature": 0, "condition_on_previous_text": False, "language": "en"}
    texts = {
        path.name: "".join(segment.text for segment in model.transcribe(str(path), **options)[0]).strip()
        for path in recordings
    }
    golden = {
        "tolerance": TOLERANCE,
        "texts": texts,
        "recording": recordings[0].name,
        "frames": FRAMES,
        "rows": list(ROWS),
        "ids": ids,
        "original": original,
        "rounded": rounded,
    }
    json.dump(golden, sys.stdout, separators=(",", ":"))
    print()


main()
