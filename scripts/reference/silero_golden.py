# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "onnxruntime==1.31.1"]
# ///
"""Writes models/silero-vad/golden.json: the probabilities that the published graph gives for a recording, one window a run.

    python scripts/reference/silero_golden.py node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx e2e/audio/beckett.wav > models/silero-vad/golden.json
"""
import json
import pathlib
import sys
import wave

import numpy as np
import onnxruntime

WINDOW, CONTEXT, HIDDEN = 512, 64, 128
TOLERANCE = 0.0005


def main():
    graph, recording = sys.argv[1:]
    with wave.open(recording) as sound:
        assert sound.getframerate() == 16000 and sound.getnchannels() == 1
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / np.float32(32768)
    session = onnxruntime.InferenceSession(graph)
    state, probabilities = np.zeros((2, 1, HIDDEN), np.float32), []
    samples = np.concatenate([np.zeros(CONTEXT, np.float32), samples])
    for at in range(0, len(samples) - CONTEXT - WINDOW + 1, WINDOW):
        window = samples[None, at : at + CONTEXT + WINDOW]
        feeds = {"input": window, "state": state, "sr": np.array(16000, np.int64)}
        probability, state = session.run(None, feeds)
        probabilities.append(round(float(probability[0, 0]), 6))
    golden = {"tolerance": TOLERANCE, "recording": pathlib.Path(recording).name, "probabilities": probabilities}
    json.dump(golden, sys.stdout, separators=(",", ":"))
    print()


main()
