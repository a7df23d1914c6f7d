# /// script
# requires-python = ">=3.10"
# dependencies = ["sentencepiece==0.2.3"]
# ///
"""Writes what the SentencePiece library makes of 2,000 lines, for the tests of src/worker/features/tokeniser.ts.

    python scripts/reference/sentencepiece_golden.py models/en-pt models/pt-en > src/worker/features/tokeniser.golden.json.gz

The lines are made here, from a fixed seed: phrases written for this file, mixed with systematic samples of Unicode.
Output, JSON, gzipped: {library, lines, models: {id: {ids, offsets, decoded}}}, an entry a line. `offsets` are UTF-16 from,
to of each piece, flat; `decoded` is what the library makes of the ids.
"""
import gzip
import json
import pathlib
import random
import sys
import unicodedata

import sentencepiece

LINE_COUNT = 2000

PHRASES = [
    "The lighthouse keeper wrote every morning before the fog lifted.",
    "O faroleiro escrevia todas as manhãs antes de o nevoeiro levantar.",
    "She couldn't find the spare key, so we waited on the steps for an hour and a half.",
    "Não há comboios depois da meia-noite; amanhã às 7h30 vamos à estação.",
    "Açaí, pão-de-ló, três maçãs e um avô muito paciente: é tudo o que preciso.",
    "Prices rose 3.5 % to $1,234.56 in the 2nd quarter (up from 1.100,75 €).",
    "See https://example.org/a/b?c=1&d=%20#top or write to someone.else+tag@example.org!",
    "Dr. Smith et al. (2019), pp. 12–15, say “perhaps” — others say ‘never’…",
    "«Olá», disse ele, “não te esqueças do nº 3 na R. de S. João, 2.º Esq.”",
    "Ünïcödé dïäcrïtîcs évèrÿwhêre: Ångström, Dvořák, Łódź, Đà Nẵng, Ğüneş, ñandú, ßtraße.",
    "Съешь ещё этих мягких булок, да выпей чаю.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία· τι ώρα είναι;",
    "الطقس جميل اليوم، والسماء صافية ١٢٣٤.",
    "מזג האוויר נעים היום, והשמיים בהירים.",
    "आज मौसम अच्छा है और आकाश साफ़ है।",
    "วันนี้อากาศดีและท้องฟ้าแจ่มใส",
    "今天天气很好，我们去公园散步吧！",
    "今日は天気がいいので、ｺｰﾋｰを飲みに行きましょう。",
    "오늘은 날씨가 좋아서 공원에 갔어요.",
    "ＦＵＬＬ－ＷＩＤＴＨ　ｔｅｘｔ　１２３４５（テスト）",
    "ﬁnance, ﬂower, oﬃce, ﬆop, Ǆ ĳ ŉ ſ ﷺ ㎏ ㏒ ℃ № ™ ½ ⅓ x² H₂O ① Ⅷ",
    "👩‍👩‍👧‍👦 went to 🏖️ with 👍🏽 and 🇵🇹🇧🇷, ❤️‍🔥 1️⃣ ☕︎",
    "{name}, {{count}} %s %1$d ${total} <b>bold</b> <0>x</0> :smile: [link](a_b.md) `code` #tag @user",
    "for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; } // ~O(n) | x ^ y & z \\ w",
    "AAAAAAAAAAAAAAAAAAAA aaaaaaaaaaaaaaaaaaaa 00000000000000000000 --------------------",
    "\tTabs\tand\u00a0no-break\u202fspaces\u2003em\u2009thin\u3000ideographic\u200bzero\u200cwidth\u200djoiner\u2060word\ufeffbom",
    "soft\u00adhyphen a\u0301e\u0300 o\u0302\u0323 q\u0307\u0323 \u0301leading mark n\u0303 c\u0327 \u1e9b\u0323 \u212b \u2126",
    "control\x00\x01\x07\x0b\x1b\x7f\x80\x85\x9f chars\r\nand\u2028line\u2029separators",
    "replacement \ufffd\ufffd character \ufffe \U0001fffe and \ue000 private \U000f0000 use",
    "▁already▁escaped▁▁ text ⁇ and <unk> </s> <s> <pad> <0x41>",
    "  leading and trailing   and   inner    spaces  ",
    "word",
    "a",
    "",
    " ",
    "   \t \u3000 ",
    "\u200b",
    "\u0301",
    "...",
    "?!?!?! … . . .",
    "1234567890123456789012345678901234567890",
    "Supercalifragilisticexpialidocious anticonstitucionalissimamente pneumoultramicroscopicossilicovulcanoconiótico",
]

BLOCKS = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x100, 0x24F), (0x250, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x530, 0x5FF), (0x600, 0x6FF),
    (0x900, 0x97F), (0xE00, 0xE7F), (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x20CF), (0x2100, 0x218F), (0x2190, 0x22FF),
    (0x2460, 0x24FF), (0x2500, 0x27BF), (0x3000, 0x30FF), (0x3130, 0x33FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
    (0xFB00, 0xFDFF), (0xFE00, 0xFEFF), (0xFF00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F100, 0x1F2FF), (0x1F300, 0x1FAFF), (0x20000, 0x2A6DF),
]  # fmt: skip

SPACES = [" ", "  ", "\t", "\n", "\u00a0", "\u2009", "\u3000", "\u200b", "\u202f", "\u2028"]


def make_lines() -> list[str]:
    rng = random.Random(20240229)
    # Lone surrogates cannot reach the library; the tests of the tokeniser cover them.
    words = sorted({word for phrase in PHRASES for word in phrase.split()})
    block_characters = [chr(c) for low, high in BLOCKS for c in range(low, high + 1)]

    def character() -> str:
        low, high = rng.choice(BLOCKS)
        return chr(rng.randint(low, high))

    lines = list(PHRASES)
    lines += [unicodedata.normalize(form, phrase) for phrase in PHRASES for form in ("NFD", "NFKC", "NFKD")]
    lines += [change(phrase) for phrase in PHRASES for change in (str.upper, str.lower, str.title, str.swapcase)]
    lines += [phrase[::-1] for phrase in PHRASES]
    # Every character of the smaller blocks once, a dozen a line, alone and inside a word.
    sample = [c for c in block_characters if ord(c) < 0x2800 or 0x3000 <= ord(c) < 0x3400 or 0xFB00 <= ord(c) < 0x10000]
    for at in range(0, len(sample), 24):
        chunk = sample[at : at + 24]
        lines.append(" ".join(chunk[:12]) + "x".join(chunk[12:]))
    lines.append("a" * 5000)
    lines.append("pneumo" * 500)
    lines.append("😀" * 800)
    lines.append(" ".join(rng.choice(words) for _ in range(600)))
    while len(lines) < LINE_COUNT:
        kind = rng.randrange(5)
        if kind == 0:  # words of all scripts mixed
            line = "".join(rng.choice(words) + rng.choice(SPACES if rng.random() < 0.2 else [" "]) for _ in range(rng.randint(1, 14)))
        elif kind == 1:  # letters of known words shuffled: pieces in unusual company
            line = " ".join("".join(rng.sample(word, len(word))) for word in rng.sample(words, rng.randint(1, 8)))
        elif kind == 2:  # any characters
            line = "".join(character() for _ in range(rng.randint(1, 20)))
        elif kind == 3:  # Latin letters with any combining marks
            line = "".join(rng.choice("aeioucnAEIOUCN xyz") + (chr(rng.randint(0x300, 0x36F)) if rng.random() < 0.5 else "") for _ in range(rng.randint(1, 30)))
        else:  # glued fragments of the phrases
            line = "".join(phrase[(i := rng.randrange(len(phrase) + 1)) : i + rng.randint(1, 25)] for phrase in rng.choices(PHRASES, k=rng.randint(1, 5)))
        lines.append(line)
    return lines[:LINE_COUNT]


def utf16_offsets(line: str, offsets: list[tuple[int, int]]) -> list[int]:
    starts = [0]
    for c in line:
        starts.append(starts[-1] + (2 if ord(c) > 0xFFFF else 1))
    return [starts[at] for pair in offsets for at in pair]


def main() -> None:
    lines = make_lines()
    models = {}
    for folder in map(pathlib.Path, sys.argv[1:]):
        (vocabulary,) = folder.glob("*.spm.gz")
        library = sentencepiece.SentencePieceProcessor(model_proto=gzip.decompress(vocabulary.read_bytes()))
        encoded = [library.encode_as_offset_mapping(line) for line in lines]
        ids = [result["ids"] for result in encoded]
        models[folder.name] = {
            "ids": ids,
            "offsets": [utf16_offsets(line, result["offsets"]) for line, result in zip(lines, encoded)],
            "decoded": [library.decode(line_ids) for line_ids in ids],
        }
    golden = {"library": f"sentencepiece {sentencepiece.__version__}", "lines": lines, "models": models}
    data = json.dumps(golden, ensure_ascii=False, separators=(",", ":")).encode()
    sys.stdout.buffer.write(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main()
