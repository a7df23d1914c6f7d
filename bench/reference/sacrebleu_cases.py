"""Writes bench/metrics/sacrebleu-cases.json: what sacrebleu makes of tricky and of ordinary lines.

    pip install sacrebleu==2.6.0
    python bench/reference/sacrebleu_cases.py && npx prettier --write bench/metrics/sacrebleu-cases.json

Deterministic: the random cases come from a fixed seed. Only default settings are asked for.
"""

import json
import pathlib
import random

import sacrebleu
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

TRICKY = [
    "", " ", "\t \u00a0", ".", ",", "...", "-", "--", "'", '"', "1", "1.", ".1", "1,2", "1,", ",1", "1-2", "a-1", "1-a", "9-10", "a 79-year-old", "0.9,", "x9.",
    "10.000,50", "3.14 2,71", "$1,000.00", "1.2.3.4", "1..2", "a.b", "a . b", "U.S.A.", "e.g., this", "Mr. Smith's dog's",
    "it's 5-a-side", "2020-11-21", "12:30:45", "50%", "a/b", "and/or", "C++", "C#", "@user #tag", "a&b", "AT&amp;T",
    "&quot;quoted&quot;", "&lt;b&gt;", "&amp;lt;", "&nbsp;", "<skipped>", "a <skipped> b", "<skip", "hyphen-\nated",
    "line\nbreak", "tab\tbed", "[brackets] {braces} (parens)", "back\\slash `tick` ~tilde ^caret _under_ |pipe|",
    "a=b+c*d<e>f", "what?!", "¿Qué?", "«Olá»", "“curly” ‘quotes’", "em—dash", "en–dash", "ellipsis…", "naïve café",
    "cafe\u0301", "não, não!", "À luz.", "São Paulo, 25.º andar", "n.º 5", "1º", "½ cup", "5°C", "€5,50", "£3.20",
    "١٢٣٫٤", "١.٢", "２．５", "日本語。テスト、です", "中文,测试.", "Привет, мир.", "مرحبا، بالعالم.", "שלום.", "नमस्ते।",
    "emoji 😀.", "😀,😀", "👩‍👩‍👧 family", "a\u200bb", "a\ufeffb", "\ufeffbom", "a\u2003b", "a\u2028b", "a\u3000b",
    "a\x85b", "a\x1cb", "a\x1fb", "a\x00b", "a\u180eb", "trailing \u2003", "trailing\ufeff", "a.\u00a0b", "x" * 40,
    "http://example.com/a?b=c&d=e.f,g", "me@example.com", "{name} has {count} items", "𝒳𝒴.𝒵", "9.𝒳", "aa", "a b c", "abc",
]

SENTENCES = [
    "The committee will meet again on Tuesday at 10:30 to vote on the budget.",
    "O comité volta a reunir-se na terça-feira, às 10h30, para votar o orçamento.",
    "\"I don't know,\" she said, \"but it cost $1,250.75 in 2019.\"",
    "«Não sei», disse ela, «mas custou 1.250,75 € em 2019.»",
    "Version 2.0.1 (released 2021-03-04) fixes issues #12, #15 & #20.",
    "Os investigadores da U.F.R.J. publicaram 3,5 % mais artigos do que em 2020.",
    "Water boils at 100 °C; ice melts at 0 °C.",
    "Quem vem lá? Ninguém... só o vento!",
    "See https://example.org/path?x=1&y=2 or write to info@example.org.",
    "A well-known, state-of-the-art approach - at least until 2018.",
    "Ontem à noite choveu muito em São Paulo, e o trânsito parou.",
    "She bought apples, pears, bananas, and a 10-kg bag of rice.",
    "Ela comprou maçãs, peras, bananas e um saco de arroz de 10 kg.",
    "No.", "Sim.", "Thank you very much!", "Muito obrigado!",
]


def damaged(rng, line):
    """The line with words dropped, doubled, swapped or changed, as a bad translation is."""
    words = line.split(" ")
    for _ in range(rng.randrange(0, 1 + len(words) // 2)):
        at = rng.randrange(len(words))
        kind = rng.randrange(5)
        if kind == 0 and len(words) > 1:
            del words[at]
        elif kind == 1:
            words.insert(at, words[at])
        elif kind == 2:
            other = rng.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        elif kind == 3:
            words[at] = words[at].upper()
        else:
            words[at] = rng.choice(TRICKY)
    return " ".join(words)


def scored(hypotheses, references):
    return {
        "hypotheses": hypotheses,
        "references": references,
        "bleu": sacrebleu.corpus_bleu(hypotheses, references).score,
        "chrf": sacrebleu.corpus_chrf(hypotheses, references).score,
    }


def main():
    rng = random.Random(13)
    tokenise = Tokenizer13a()
    lines = TRICKY + SENTENCES + [damaged(rng, rng.choice(SENTENCES)) for _ in range(100)]
    corpora = [
        scored(["", ""], [["a reference", "another"]]),
        scored(["a hypothesis", ""], [["a hypothesis", "that is missing here"]]),
        scored(["something"], [[""]]),
        scored(["one two three"], [["one two three"]]),
        scored(["one two three four"], [["one two three four"]]),
        scored(["the the the the the the the"], [["the cat is on the mat"], ["there is a cat on the mat"]]),
        scored(TRICKY, [TRICKY]),
        scored(list(reversed(TRICKY)), [TRICKY]),
    ]
    for size in (1, 1, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55):
        for sets in (1, 2, 3):
            originals = [rng.choice(SENTENCES) for _ in range(size)]
            hypotheses = ["" if rng.random() < 0.05 else damaged(rng, line) for line in originals]
            references = [originals] + [[damaged(rng, line) for line in originals] for _ in range(sets - 1)]
            corpora.append(scored(hypotheses, references))
    cases = {
        "origin": f"sacrebleu {sacrebleu.__version__}, default settings, by bench/reference/sacrebleu_cases.py",
        "tokens": [{"line": line, "tokens": tokenise(line).split()} for line in lines],
        "corpora": corpora,
    }
    target = pathlib.Path(__file__).parent.parent / "metrics" / "sacrebleu-cases.json"
    target.write_text(json.dumps(cases, ensure_ascii=True) + "\n")
    print(f"{len(lines)} lines, {len(corpora)} corpora -> {target}")


if __name__ == "__main__":
    main()
