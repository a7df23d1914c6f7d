"""Everyday names for the ImageNet classes and the words of a caption that go with them.

    python labels.py --synsets imagenet_synsets.txt --wordnet DIR --out data/labels.json

data/everyday.txt (by hand) says what each class is called; WordNet 3.0 (Debian's `wordnet-base`, DIR holds data.noun) adds
lemmas and hypernyms; `imagenet_synsets.txt` (timm's wheel) says which synset a class is. Classes with one name are one label:
the probability of "dog" is the sum over its breeds.

labels.json: `classes[1000]` -> index into `labels[]`, each {name, kind, phrase, words}: `phrase` is the name with its
article, `words` everything in a caption that names the same thing or something it is a kind of.
"""

import argparse
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
KINDS = {"animal": "n00015388", "food": "n00021265", "plant": "n00017222", "vehicle": "n04524313"}
PRODUCE = "n07705931 n07707451 n07802026 n13134947 n12992868 n13083023".split()  # fruit, vegetables, fungi: food or plant

# Hypernyms that name a thing well enough. "Animal", "vehicle" or "container" would not.
EVERYDAY = set(
    """bird dog cat fish snake lizard frog turtle monkey ape bear insect bug spider beetle butterfly shark whale duck rabbit
    horse cow sheep goat deer pig wolf fox lion crab parrot owl seal car automobile truck bus van boat ship sailboat train
    airplane plane jet aircraft bicycle bike motorcycle cart wagon sled locomotive fruit vegetable bread dessert soup flower
    chair couch sofa table desk bed cabinet shelf lamp clock watch piano guitar drum horn ball knife gun rifle camera computer
    phone telephone screen house church tower bridge store shop fence wall roof window door bottle cup glass mug bowl pot pan
    jar bag basket box bucket hat cap helmet shirt coat jacket dress skirt suit shoe boot glasses sock glove mask robe oven
    stove mountain beach shore hill valley lake book sign pen rug mat blanket pillow towel curtain fan wheel player diver
    """.split()
)
# What people also call it, where WordNet does not say so.
ALSO = {
    "dog": "puppy pup hound terrier retriever poodle greyhound collie labrador doberman rottweiler husky dachshund",
    "cat": "kitten kitty tabby",
    "horse": "pony foal",
    "cow": "cattle calf bull ox",
    "sheep": "lamb ram",
    "chicken": "hen rooster",
    "rooster": "chicken",
    "hen": "chicken",
    "duck": "ducks mallard",
    "bird": "seagull gull pigeon crow",
    "bicycle": "bike cycle bicyclist cyclist biker",
    "scooter": "motorcycle motorbike moped bike",
    "airplane": "plane jet airliner aircraft",
    "fighter jet": "jet plane airplane aircraft",
    "airplane wing": "wing plane airplane",
    "couch": "sofa",
    "television": "tv",
    "entertainment center": "tv television",
    "cell phone": "phone cellphone smartphone",
    "telephone": "phone",
    "pay phone": "phone telephone",
    "refrigerator": "fridge",
    "trash can": "trash garbage bin can",
    "monitor": "screen computer display desktop",
    "screen": "monitor computer tv television laptop",
    "laptop": "computer notebook",
    "computer": "desktop monitor laptop",
    "keyboard": "computer",
    "computer mouse": "mouse",
    "remote control": "remote",
    "mug": "cup",
    "cup": "mug coffee tea",
    "coffee": "cup espresso latte cappuccino mug",
    "glass": "wine drink",
    "wine": "glass",
    "beer": "glass drink",
    "plate": "food dish meal",
    "bowl of soup": "soup bowl",
    "hamburger": "burger cheeseburger sandwich",
    "hot dog": "hotdog sausage bun",
    "pasta": "spaghetti noodles",
    "train": "locomotive railroad tram subway engine",
    "streetcar": "train trolley tram bus",
    "car": "vehicle sedan wagon convertible",
    "taxi": "cab car",
    "truck": "pickup semi vehicle trailer",
    "van": "bus vehicle minivan",
    "bus": "trolley",
    "school bus": "bus",
    "boat": "canoe ship speedboat kayak raft",
    "ship": "boat",
    "sailboat": "boat ship catamaran yacht",
    "gondola": "boat",
    "canoe": "boat kayak",
    "beach": "sand shore ocean sea coast surf water",
    "coast": "ocean sea shore beach cliff",
    "lake": "water river shore",
    "mountain": "mountains hill peak slope alps",
    "cliff": "rock rocks mountain",
    "ski": "skis skier skiing skiers snow slope",
    "racket": "tennis racquet",
    "tennis ball": "tennis ball",
    "soccer ball": "ball soccer",
    "baseball player": "baseball player batter pitcher",
    "scuba diver": "diver diving",
    "volleyball": "ball",
    "snowmobile": "snow",
    "teddy bear": "bear teddy toy",
    "street sign": "sign",
    "traffic light": "light signal stoplight lights",
    "parking meter": "meter",
    "sink": "basin bathroom",
    "toilet": "bathroom",
    "bathtub": "bath tub",
    "stove": "oven",
    "oven": "stove",
    "flower pot": "pot plant flower",
    "daisy": "flower",
    "orchid": "flower",
    "vase": "flowers pot",
    "umbrella": "parasol",
    "swing": "swings swinging",
    "seal": "sea lion",
    "panda": "bear",
    "polar bear": "bear",
    "bookshelf": "bookcase shelf books shelves",
    "book": "books",
    "desk": "table",
    "table": "desk",
    "bench": "seat",
    "quilt": "bed blanket bedspread",
    "bed": "bedroom",
    "pepper": "peppers",
    "church": "cathedral chapel building",
    "bell tower": "tower church building",
    "lighthouse": "tower building",
    "castle": "building",
    "palace": "building",
    "restaurant": "cafe diner",
    "sunglasses": "glasses shades",
    "swimming trunks": "trunks shorts",
    "swimsuit": "bathing suit bikini",
    "bikini": "swimsuit bathing",
    "shirt": "t-shirt shirts jersey",
    "jeans": "pants denim",
    "sweatshirt": "hoodie shirt",
    "racer": "car",
    "race car": "car racecar",
    "go kart": "kart car",
    "tennis": "racket",
    "balloon": "balloons",
    "parachute": "parachutist kite",
    "bubble": "bubbles",
    "bathroom": "toilet",
    "squash": "vegetable",
    "ice cream": "cone",
    "popsicle": "lollipop",
    "fire truck": "truck firetruck fire engine",
    "espresso machine": "coffee machine",
    "fence": "gate chain link",
    "stone wall": "wall stones rocks bricks brick",
    "clock": "watch",
    "pool table": "pool billiards",
    "microphone": "mic",
    "park bench": "bench",
    "fountain": "water",
    "dock": "pier",
    "pier": "dock",
    "jeep": "car truck vehicle",
    "military vehicle": "tank truck",
    "carousel": "ride merry",
    "stage": "concert",
    "window": "windows blinds",
    "wool": "yarn",
    "bullet train": "train",
}
PLURALS = set("sunglasses jeans pajamas swimming_trunks mashed_potatoes binoculars parallel_bars".replace("_", " ").split())
NO_ARTICLE = set(
    """sunglasses jeans pajamas binoculars armor coral hay corn bread pasta soup ice_cream guacamole makeup dough broccoli
    cauliflower cabbage wine beer coffee chocolate eggnog velvet yarn toilet_paper lotion mashed_potatoes parallel_bars
    swimming_trunks sunscreen perfume hair_spray""".replace("_", " ").split("\n")
)
NO_ARTICLE = {w.strip() for line in NO_ARTICLE for w in re.findall(r"ice cream|toilet paper|mashed potatoes|parallel bars|swimming trunks|hair spray|\w+", line)}
IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "knife": "knives", "wolf": "wolves", "leaf": "leaves",
    "mouse": "mice", "goose": "geese", "calf": "calves", "loaf": "loaves", "shelf": "shelves", "scarf": "scarves", "sheep": "sheep",
    "fish": "fish", "deer": "deer", "bison": "bison", "foot": "feet", "tooth": "teeth", "bookshelf": "bookshelves", "ox": "oxen",
    "potato": "potatoes", "tomato": "tomatoes", "hippo": "hippos", "radio": "radios", "piano": "pianos", "thief": "thieves",
}  # fmt: skip


def plural(word: str) -> str:
    *first, last = word.split(" ")
    if last in IRREGULAR:
        last = IRREGULAR[last]
    elif re.search(r"(s|x|z|ch|sh)$", last):
        last += "es"
    elif re.search(r"[^aeiou]y$", last):
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*first, last])


def article(name: str) -> str:
    if name in NO_ARTICLE:
        return name
    return f"an {name}" if re.match(r"[aeio]|umb|upr", name) else f"a {name}"


def read_everyday(path: Path) -> tuple[list[str], list[str]]:
    names, kinds = [""] * 1000, [""] * 1000
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        where, name, *kind = (part.strip() for part in line.split("|"))
        first, _, last = where.partition("-")
        for index in range(int(first), int(last or first) + 1):
            names[index], kinds[index] = name, kind[0] if kind else ""
    assert all(names), "every class needs a name"
    return names, kinds


def read_wordnet(path: Path) -> dict[str, tuple[list[str], list[str]]]:
    """synset id -> (lemmas, hypernyms)."""
    nouns = {}
    for line in path.open(encoding="latin-1"):
        if line.startswith("  "):
            continue
        fields = line.split(" ")
        count = int(fields[3], 16)
        lemmas = [fields[4 + 2 * i].replace("_", " ").lower() for i in range(count)]
        at = 4 + 2 * count
        pointers = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
        nouns["n" + fields[0]] = (lemmas, ["n" + p[1] for p in pointers if p[0] in ("@", "@i")])
    return nouns


def ancestors(nouns: dict, synset: str) -> set[str]:
    seen: set[str] = set()
    todo = [synset]
    while todo:
        for parent in nouns[todo.pop()][1]:
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("synsets", "wordnet", "out"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    names, kinds = read_everyday(HERE / "data/everyday.txt")
    synsets = Path(args.synsets).read_text().split()
    nouns = read_wordnet(Path(args.wordnet) / "data.noun")
    order = list(dict.fromkeys(names))
    words: dict[str, set[str]] = {name: set() for name in order}
    kind_of: dict[str, list[str]] = {name: [] for name in order}
    for index, synset in enumerate(synsets):
        name = names[index]
        up = ancestors(nouns, synset)
        kind = kinds[index]
        if not kind:
            kind = next((k for k, root in KINDS.items() if root in up), "food" if up & set(PRODUCE) else "thing")
        kind_of[name].append(kind)
        said = {name, name.split(" ")[-1]} | set(ALSO.get(name, "").split())
        said |= {lemma for lemma in nouns[synset][0] if len(lemma.split()) < 3}
        said |= {lemma for s in up for lemma in nouns[s][0] if lemma in EVERYDAY}
        words[name] |= {w for w in said if w} | {plural(w) for w in said}
    labels = []
    for name in order:
        kind = max(sorted(set(kind_of[name])), key=lambda k: (k != "part", kind_of[name].count(k)))
        labels.append({"name": name, "kind": kind, "phrase": article(name), "words": sorted(words[name])})
    table = {"classes": [order.index(name) for name in names], "labels": labels}
    lines = ",\n".join("  " + json.dumps(label) for label in labels)
    Path(args.out).write_text(f'{{"classes": {json.dumps(table["classes"])},\n"labels": [\n{lines}\n]}}\n')
    print(len(labels), "labels")


if __name__ == "__main__":
    main()
