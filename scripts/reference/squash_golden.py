# /// script
# requires-python = ">=3.10"
# dependencies = ["pillow==13.0.0", "numpy"]
# ///
"""Writes what Pillow makes of some pictures, for the tests of src/worker/features/image/.

    python scripts/reference/squash_golden.py > src/worker/features/image/squash.golden.json

The pictures are made here, and again in the test: see `picture`. Each is laid on white and squashed to a square.
Output, JSON: {library, cases: [{width, height, size, transparent, rgb: base64 of [size, size, 3]}]}.
"""
import base64
import json
import sys

import numpy as np
import PIL
from PIL import Image

# width, height, size, transparent: enlarged, reduced, both, and so large that boxes are averaged first (some of them cut off)
CASES = [
    (9, 7, 16, False), (16, 16, 16, False), (37, 23, 16, False), (11, 40, 16, False), (150, 100, 16, False),
    (403, 211, 16, False), (97, 384, 8, False), (1, 1, 8, False), (1, 700, 8, False), (2001, 3, 8, False),
    (23, 37, 16, False), (28, 40, 16, False), (30, 900, 16, False), (7, 12, 16, False), (16, 16, 16, True), (61, 45, 16, True),
]
REDUCING_GAP = 3


def picture(width, height, transparent):
    """Products and sums of the coordinates, modulo 256: [height, width, 4]."""
    y, x = np.mgrid[:height, :width]
    channels = [(x * 7 + y * 13 + x * y * 3 + c * 29) % 256 for c in range(3)]
    alpha = (x * 11 + y * 5) % 256 if transparent else np.full((height, width), 255)
    return np.stack([*channels, alpha], axis=-1).astype(np.uint8)


def squashed(width, height, size, transparent):
    image = Image.fromarray(picture(width, height, transparent), "RGBA")
    white = Image.new("RGBA", image.size, "white")
    rgb = Image.alpha_composite(white, image).convert("RGB")
    return np.asarray(rgb.resize((size, size), Image.BICUBIC, reducing_gap=REDUCING_GAP))


def main():
    cases = [
        {
            "width": width, "height": height, "size": size, "transparent": transparent,
            "rgb": base64.b64encode(squashed(width, height, size, transparent).tobytes()).decode(),
        }
        for width, height, size, transparent in CASES
    ]
    json.dump({"library": f"Pillow {PIL.__version__}", "cases": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
