"""Extracts feature sets: what the encoder sees in every picture, plain (squashed to a square), mirrored, cropped at random;
and, to compare, with its sides' ratio kept: padded with grey to a square, or the largest square of its middle.

    python features.py --encoder encoder.onnx --images DIR --list FILE --out DIR --set plain|mirror|crop1|crop2|...|pad|centre

Writes <out>/<set>.grid.npy (float16 [pictures, 64, 1280]) and <out>/<set>.labels.npy (float16 [pictures, 1000]), in the
order of the list. A crop set is seeded by its name and the picture's, so it is the same every time.
"""

import argparse
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageEnhance

from encoder import CHANNELS, GRID, MEAN, SIZE, STD

BATCH = 16


def crop(image: Image.Image, rng: random.Random) -> Image.Image:
    """A random window of 55-100 % of the area, maybe mirrored, a little brighter or darker."""
    area = rng.uniform(0.55, 1.0)
    stretch = rng.uniform(0.85, 1.18)
    width = min(1.0, (area * stretch) ** 0.5)
    height = min(1.0, (area / stretch) ** 0.5)
    left = rng.uniform(0, 1 - width)
    top = rng.uniform(0, 1 - height)
    box = (left * image.width, top * image.height, (left + width) * image.width, (top + height) * image.height)
    out = image.resize((SIZE, SIZE), Image.BICUBIC, box=box)
    if rng.random() < 0.5:
        out = out.transpose(Image.FLIP_LEFT_RIGHT)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        out = enhance(out).enhance(rng.uniform(0.8, 1.2))
    return out


def squash(image: Image.Image) -> Image.Image:
    return image.resize((SIZE, SIZE), Image.BICUBIC)


def pad(image: Image.Image) -> Image.Image:
    """The whole picture in the middle of a square of grey (zero to the encoder)."""
    side = max(image.size)
    square = Image.new("RGB", (side, side), (127, 127, 127))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return squash(square)


def centre(image: Image.Image) -> Image.Image:
    """The largest square around the middle."""
    side = min(image.size)
    left, top = (image.width - side) / 2, (image.height - side) / 2
    return image.resize((SIZE, SIZE), Image.BICUBIC, box=(left, top, left + side, top + side))


def pixels(image: Image.Image) -> np.ndarray:
    """RGB 0..255 -> float32 [3, SIZE, SIZE], normalised as the encoder was trained."""
    array = np.asarray(image, np.float32) / 255
    return ((array - MEAN) / STD).transpose(2, 0, 1)


def load(path: Path, kind: str) -> np.ndarray:
    image = Image.open(path).convert("RGB")
    whole = {"plain": squash, "pad": pad, "centre": centre}
    if kind in whole:
        image = whole[kind](image)
    elif kind == "mirror":
        image = squash(image).transpose(Image.FLIP_LEFT_RIGHT)
    else:
        image = crop(image, random.Random(f"{kind}/{path.name}"))
    return pixels(image)


def session(path: str | Path, threads: int = 2) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Products with dequantised weights in float32: the runtime would round the other factor to eight bits, too.
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("encoder", "images", "list", "out", "set"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    names = Path(args.list).read_text().split()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    graph = session(args.encoder)
    grid_path, labels_path = out / f"{args.set}.grid.npy", out / f"{args.set}.labels.npy"
    grid = np.lib.format.open_memmap(
        out / f"{args.set}.grid.part", "w+", np.float16, (len(names), GRID * GRID, CHANNELS)
    )
    labels = np.zeros((len(names), 1000), np.float16)
    start = time.time()
    with ThreadPoolExecutor(1) as pool:

        def read(at: int) -> np.ndarray:
            return np.stack([load(Path(args.images) / name, args.set) for name in names[at : at + BATCH]])

        ahead = pool.submit(read, 0)
        for at in range(0, len(names), BATCH):
            batch = ahead.result()
            ahead = pool.submit(read, at + BATCH) if at + BATCH < len(names) else ahead
            seen, classes = graph.run(None, {"pixels": batch})
            grid[at : at + len(batch)] = seen
            labels[at : at + len(batch)] = classes
    grid.flush()
    np.save(labels_path, labels)
    (out / f"{args.set}.grid.part").rename(grid_path)
    print(f"{args.set}: {len(names)} pictures in {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
