"""Draws a hundred pictures that are no photographs: charts, screenshots, drawings and pages of text, 25 of each.

    python charts.py --out DIR

They are the same every time. The captioner must say of most of them that it is not sure; nothing is trained on them.
"""

import argparse
import math
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WORDS = """time year people way day man thing woman life child world school state family student group country problem hand part
place case week company system program question work government number night point home water room mother area money story
fact month lot right study book eye job word business issue side kind head house service friend father power hour game line
end member law car city community name president team minute idea kid body information back parent face others level office
door health person art war history party result change morning reason research girl guy moment air teacher force education""".split()
COLOURS = ["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#bab0ac"]


def font(size: int) -> ImageFont.ImageFont:
    return ImageFont.load_default(size)


def words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(count))


def canvas(rng: random.Random, colour: str = "white") -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", rng.choice([(800, 600), (640, 480), (1024, 768), (900, 500), (600, 800)]), colour)
    return image, ImageDraw.Draw(image)


def chart(rng: random.Random) -> Image.Image:
    image, draw = canvas(rng, rng.choice(["white", "#f7f7f7", "#ffffff", "#222222"]))
    w, h = image.size
    ink = "white" if image.getpixel((0, 0)) == (34, 34, 34) else "black"
    draw.text((w * 0.3, 12), words(rng, 4).title(), ink, font(24))
    kind = rng.choice(["bars", "lines", "pie", "dots", "areas"])
    left, top, right, bottom = w * 0.1, h * 0.14, w * 0.93, h * 0.86
    if kind == "pie":
        shares = [rng.uniform(1, 5) for _ in range(rng.randint(3, 7))]
        at, radius = rng.uniform(0, 360), min(w, h) * 0.36
        for i, share in enumerate(shares):
            end = at + 360 * share / sum(shares)
            draw.pieslice((w / 2 - radius, h / 2 - radius, w / 2 + radius, h / 2 + radius), at, end, COLOURS[i], ink)
            middle = math.radians((at + end) / 2)
            draw.text((w / 2 + 1.1 * radius * math.cos(middle), h / 2 + 1.1 * radius * math.sin(middle)), rng.choice(WORDS), ink, font(16))
            at = end
        return image
    draw.line((left, top, left, bottom, right, bottom), ink, 2)
    for i in range(6):
        y = bottom - (bottom - top) * i / 6
        draw.line((left, y, right, y), "#999999")
        draw.text((left - 45, y - 8), str(i * rng.choice([10, 20, 5])), ink, font(14))
    count = rng.randint(4, 12)
    step = (right - left) / count
    for series in range(1 if kind == "bars" else rng.randint(1, 4)):
        colour = COLOURS[(series + rng.randint(0, 3)) % len(COLOURS)]
        heights = [rng.uniform(0.1, 0.95) * (bottom - top) for _ in range(count)]
        points = [(left + step * (i + 0.5), bottom - height) for i, height in enumerate(heights)]
        if kind == "bars":
            for x, y in points:
                draw.rectangle((x - step * 0.35, y, x + step * 0.35, bottom), colour)
        elif kind == "dots":
            for _ in range(40):
                x, y = rng.uniform(left, right), rng.uniform(top, bottom)
                draw.ellipse((x - 5, y - 5, x + 5, y + 5), colour)
        elif kind == "lines":
            draw.line(points, colour, 4)
        else:
            draw.polygon([(points[0][0], bottom), *points, (points[-1][0], bottom)], colour)
    for i in range(count):
        draw.text((left + step * (i + 0.2), bottom + 8), rng.choice(WORDS)[:6], ink, font(13))
    return image


def screenshot(rng: random.Random) -> Image.Image:
    dark = rng.random() < 0.4
    back, panel, ink = ("#1e1e1e", "#2d2d30", "#d4d4d4") if dark else ("#ffffff", "#f0f0f0", "#202020")
    image = Image.new("RGB", rng.choice([(1280, 800), (1024, 768), (390, 844), (1366, 768)]), back)
    draw = ImageDraw.Draw(image)
    w, h = image.size
    draw.rectangle((0, 0, w, 44), panel)
    for i in range(3):
        draw.ellipse((14 + 22 * i, 15, 28 + 22 * i, 29), ["#ff5f56", "#ffbd2e", "#27c93f"][i])
    draw.rounded_rectangle((w * 0.2, 9, w * 0.8, 36), 12, back)
    draw.text((w * 0.23, 14), "www." + rng.choice(WORDS) + ".example", ink, font(15))
    side = 0 if w < 500 else rng.choice([0, 220, 280])
    draw.rectangle((0, 44, side, h), panel)
    for i in range(14 if side else 0):
        draw.text((20, 64 + 36 * i), words(rng, 2), ink, font(16))
    y = 70
    while y < h - 60:
        kind = rng.choice(["title", "text", "text", "button", "field", "rows", "code"])
        x = side + 30
        if kind == "title":
            draw.text((x, y), words(rng, 4).capitalize(), ink, font(28))
            y += 50
        elif kind == "text":
            for _ in range(rng.randint(2, 5)):
                draw.text((x, y), words(rng, max(4, int((w - side) / 75))), ink, font(16))
                y += 24
            y += 12
        elif kind == "button":
            for i in range(rng.randint(1, 3)):
                draw.rounded_rectangle((x + 150 * i, y, x + 150 * i + 130, y + 38), 6, rng.choice(COLOURS))
                draw.text((x + 150 * i + 20, y + 9), rng.choice(WORDS).title(), "white", font(17))
            y += 60
        elif kind == "field":
            draw.text((x, y), rng.choice(WORDS).title(), ink, font(15))
            draw.rectangle((x, y + 22, min(w - 20, x + 420), y + 56), back, "#8a8a8a")
            y += 74
        elif kind == "rows":
            for _ in range(rng.randint(3, 6)):
                draw.line((x, y, w - 30, y), "#8a8a8a")
                for column in range(4):
                    draw.text((x + column * (w - side - 60) / 4, y + 7), rng.choice(WORDS), ink, font(15))
                y += 32
            y += 14
        else:
            for _ in range(rng.randint(3, 7)):
                draw.text((x + 24 * rng.randint(0, 3), y), f"{rng.choice(WORDS)}_{rng.choice(WORDS)}({rng.choice(WORDS)}) = {rng.randint(0, 99)};", rng.choice(COLOURS), font(15))
                y += 22
            y += 12
    return image


def drawing(rng: random.Random) -> Image.Image:
    image, draw = canvas(rng, rng.choice(["white", "#fffdf5", "#fdf6e3", "#e8f0fe"]))
    w, h = image.size
    ink = rng.choice(["black", "#333366", "#222222", "#663300"])

    def wobble(points: list[tuple[float, float]], width: int = 4) -> None:
        draw.line([(x + rng.uniform(-3, 3), y + rng.uniform(-3, 3)) for x, y in points], ink, width, joint="curve")

    kind = rng.choice(["figure", "house", "diagram", "doodle", "shapes"])
    if kind == "figure":
        for _ in range(rng.randint(1, 3)):
            x, y, s = rng.uniform(0.2, 0.8) * w, rng.uniform(0.2, 0.4) * h, rng.uniform(30, 60)
            draw.ellipse((x - s, y - s, x + s, y + s), None, ink, 4)
            wobble([(x, y + s), (x, y + 3.5 * s)])
            wobble([(x - 1.5 * s, y + 2.2 * s), (x, y + 1.6 * s), (x + 1.5 * s, y + 2.2 * s)])
            wobble([(x - s, y + 5.2 * s), (x, y + 3.5 * s), (x + s, y + 5.2 * s)])
    elif kind == "house":
        wobble([(w * 0.3, h * 0.8), (w * 0.3, h * 0.45), (w * 0.5, h * 0.25), (w * 0.7, h * 0.45), (w * 0.7, h * 0.8), (w * 0.3, h * 0.8)])
        wobble([(w * 0.46, h * 0.8), (w * 0.46, h * 0.62), (w * 0.54, h * 0.62), (w * 0.54, h * 0.8)])
        draw.ellipse((w * 0.8, h * 0.08, w * 0.92, h * 0.08 + w * 0.12), None, ink, 4)
        wobble([(0, h * 0.8), (w, h * 0.8)])
    elif kind == "diagram":
        boxes = [(rng.uniform(0.05, 0.7) * w, (0.08 + 0.22 * i) * h) for i in range(4)]
        for (x, y), (x2, y2) in zip(boxes, boxes[1:]):
            draw.line((x + 80, y + 50, x2 + 80, y2), ink, 3)
        for x, y in boxes:
            draw.rectangle((x, y, x + 160, y + 50), rng.choice([None, *COLOURS[:3]]), ink, 3)
            draw.text((x + 14, y + 14), words(rng, 2), ink, font(17))
    elif kind == "doodle":
        for _ in range(rng.randint(3, 7)):
            x, y, turn, points = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 6.3), []
            for _ in range(60):
                points.append((x, y))
                turn += rng.uniform(-0.6, 0.6)
                x, y = x + 12 * math.cos(turn), y + 12 * math.sin(turn)
            wobble(points, rng.randint(2, 6))
    else:
        for _ in range(rng.randint(4, 12)):
            x, y, s = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(30, 140)
            sides = rng.choice([3, 4, 5, 6, 40])
            draw.regular_polygon((x, y, s), sides, rng.uniform(0, 360), rng.choice([None, *COLOURS]), ink)
    return image


def page(rng: random.Random) -> Image.Image:
    image = Image.new("RGB", rng.choice([(850, 1100), (800, 1000), (1000, 700)]), rng.choice(["white", "#fdfbf3", "#f5f5f0"]))
    draw = ImageDraw.Draw(image)
    w, h = image.size
    columns = rng.choice([1, 1, 2])
    size = rng.choice([14, 17, 20, 26])
    draw.text((70, 50), words(rng, rng.randint(2, 5)).title(), "black", font(34))
    column = (w - 140 - 30 * (columns - 1)) / columns
    for i in range(columns):
        y = 120.0
        while y < h - 80:
            paragraph = rng.randint(3, 8)
            for n in range(paragraph):
                fill = rng.uniform(0.3, 0.8) if n == paragraph - 1 else 1.0
                line = ""
                while draw.textlength(line, font(size)) < column * fill * 0.93:
                    line += rng.choice(WORDS) + " "
                draw.text((70 + i * (column + 30), y), line[: len(line) - 1], "#111111", font(size))
                y += size * 1.4
                if y > h - 80:
                    break
            y += size
    return image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    kinds: list[Callable[[random.Random], Image.Image]] = [chart, screenshot, drawing, page]
    names = []
    for kind in kinds:
        for i in range(25):
            name = f"{kind.__name__}{i:02d}.png"
            kind(random.Random(f"{kind.__name__}/{i}")).save(args.out / name)
            names.append(name)
    (args.out / "list.txt").write_text("\n".join(names) + "\n")


if __name__ == "__main__":
    main()
