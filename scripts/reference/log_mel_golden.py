# /// script
# requires-python = ">=3.10"
# dependencies = ["faster-whisper==1.2.1"]
# ///
"""Writes the log-mel features of faster-whisper's extractor, for the tests of src/worker/features/audio/logMel.ts.

    python scripts/reference/log_mel_golden.py > src/worker/features/audio/logMel.golden.json.gz

The signals are made here, and again in the test: a rising tone in noise. Each stands in a window of `frames` frames of
silence; `every` frames are kept, as base64 of little-endian float32 [mels, kept frames].
Output, JSON, gzipped: {library, cases: [{samples, frames, mels, every, features}]}.
"""
import base64
import gzip
import json
import sys
from importlib.metadata import version

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

# samples, frames of the window, mels, which frames are kept
CASES = [(19_200, 120, 80, 1), (11_111, 200, 80, 1), (480_000, 3000, 80, 50), (70_000, 3000, 80, 25), (16_000, 100, 128, 2)]


def signal(samples):
    """0.4 sin(2 pi (150 + 900 t) t) + noise of a linear congruential generator, which grows from nothing to 0.2."""
    t = np.arange(samples) / 16_000
    state = 1
    noise = np.empty(samples)
    for n in range(samples):
        state = (state * 1_664_525 + 1_013_904_223) % 2**32
        noise[n] = state / 2**31 - 1
    return (0.4 * np.sin(2 * np.pi * (150 + 900 * t) * t) + 0.2 * noise * np.arange(samples) / samples).astype(np.float32)


def features(samples, frames, mels, every):
    window = np.zeros(frames * 160, np.float32)
    window[:samples] = signal(samples)
    mel = FeatureExtractor(feature_size=mels)(window, padding=0)
    assert mel.shape == (mels, frames), mel.shape
    kept = np.ascontiguousarray(mel[:, ::every], "<f4")
    return {"samples": samples, "frames": frames, "mels": mels, "every": every,
            "features": base64.b64encode(kept.tobytes()).decode()}


golden = {"library": f"faster-whisper {version('faster-whisper')}", "cases": [features(*case) for case in CASES]}
sys.stdout.buffer.write(gzip.compress(json.dumps(golden).encode(), mtime=0))
