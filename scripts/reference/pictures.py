# /// script
# requires-python = ">=3.10"
# dependencies = ["pillow==13.0.0"]
# ///
"""Writes the pictures in e2e/pictures from the wheel of scikit-image 0.26.0.

    pip download --no-deps --only-binary=:all: scikit-image==0.26.0
    python scripts/reference/pictures.py scikit_image-0.26.0-*.whl e2e/pictures
"""
import io
import sys
import zipfile
from pathlib import Path

from PIL import Image, ImageDraw

ORIENTATION = 0x0112


def main(wheel, out):
    archive = zipfile.ZipFile(wheel)
    out = Path(out)

    def opened(name, width):
        image = Image.open(io.BytesIO(archive.read(f"skimage/data/{name}"))).convert("RGB")
        return image.resize((width, round(image.height * width / image.width)), Image.LANCZOS)

    photographs = {"astronaut": "astronaut.png", "chelsea": "chelsea.png", "coffee": "coffee.png", "rocket": "rocket.jpg"}
    for name, file in photographs.items():
        opened(file, 400).save(out / f"{name}.jpg", quality=82, optimize=True)
        # As captioners see it, in few colours: every decoder reads a palette alike.
        square = opened(file, 400).resize((256, 256), Image.BICUBIC)
        square.quantize(64, dither=Image.Dither.NONE).save(out / "squashed" / f"{name}.png", optimize=True)

    cat = opened("chelsea.png", 240)
    # Stored lying on its side; whoever obeys the tag turns it back by 90 degrees clockwise.
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    cat.transpose(Image.ROTATE_90).save(out / "cat-turned.jpg", quality=82, exif=exif)
    cat.convert("CMYK").save(out / "cat-cmyk.jpg", quality=82)
    cat.save(out / "cat.avif", quality=60)
    cat.save(out / "cat.webp", quality=75)
    white = Image.new("RGB", cat.size, "white")
    palette = cat.quantize(128)
    palette.save(out / "cat.gif", save_all=True, append_images=[white.quantize(128)], duration=500, loop=0)
    small = cat.resize((120, 80), Image.LANCZOS)
    grey = small.convert("L").convert("I;16").point(lambda value: value * 257)
    grey.save(out / "cat-16bit.png")
    # The cup cut out: around it nothing.
    cup = opened("coffee.png", 240)
    mask = Image.new("L", cup.size, 0)
    ImageDraw.Draw(mask).ellipse((40, 8, 200, 152), fill=255)
    cup.putalpha(mask)
    cup.quantize(200).save(out / "cup-transparent.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
