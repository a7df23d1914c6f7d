# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "sentencepiece==0.2.3"]
# ///
"""Writes models/<id>/golden.json: what marian.py computes for some sentences, for the tests that hold the graphs to it.

    python scripts/reference/marian_golden.py en DIR > models/en-pt/golden.json

DIR holds the student's model.*.bin, lex.*.bin and vocab.*.spm. For each sentence: the source ids; the shortlist's size and sum; the keys of
the first decoder layer at some source tokens; and for `float` and `int8` greedy search over the whole vocabulary: ids, log-probabilities,
the most probable ids of the first steps with theirs, and the alignment head's attention in the first steps.
A search that is decided by a hair is left out. Where a float's last bits decide between two steps of some int8 value, which moves every
value after it, only the ids are kept (`int8Ids`): no other implementation could be held to more.
"""
import json
import pathlib
import sys

import numpy as np
import sentencepiece

from marian import Student, read_lexicon

# Largest difference allowed, in log-probabilities, attention and keys: only the order of sums differs.
TOLERANCE = {"float": 0.002, "int8": 0.002}
# How far the best id must be ahead of the second, in log-probability; the second number is for an int8 search in which some value hangs
# on a float's last bit, because that moves every later value a little.
LEAST_LEAD, LEAST_LEAD_ON_EDGE = 0.005, 0.5
# Shows which int8 results hang on the last bits of a float.
NUDGES = (-8e-7, -5e-7, -2e-7, 2e-7, 5e-7, 8e-7)
STEPS_SHOWN = 3
IDS_SHOWN = 5

SENTENCES = {
    "en": [
        "Hello.",
        "Thank you!",
        "No smoking",
        "How are you today?",
        "Where is the nearest railway station?",
        "The children were playing happily in the garden.",
        "She closed the window because it was raining.",
        "My grandmother's house has a red door and three small windows.",
        "On 14 March 2019, 1,250 people visited the museum.",
        "The price went up from $3.50 to $4.25 (about 21 %).",
        "Write to info@example.org or see https://example.org/help for more.",
        "“I don't know,” he said, “but we can ask.”",
        "ALL PASSENGERS MUST LEAVE THE TRAIN",
        "the quick brown fox jumps over the lazy dog",
        "Good morning.",
        "Open the door!",
        "Two coffees, please.",
        "I like music.",
        "The bus is late.",
        "Is it far?",
        "Do not touch",
        "It is cold today.",
        "He reads every night.",
        "We live near the sea.",
        "Page 7 of 12",
        "My name is Ana.",
        "The cat sleeps.",
        "Turn left here.",
        "Yes.",
        "No!",
        "Help",
        "Why?",
        "Good night.",
        "Wait here.",
        "Come in.",
        "Monday",
        "See you tomorrow.",
        "Well done!",
        "I am tired.",
        "Closed on Sundays",
        "Of course.",
        "Tea or coffee?",
        "I agree.",
        "Sit down.",
        "Exit",
        "Tomorrow morning",
        "Be careful!",
        "He is here.",
        "How much is it?",
        "Good luck.",
        "Tuesday",
        "Thanks.",
        "Really?",
        "Go!",
        "Stop.",
        "Happy birthday!",
        "Maybe.",
        "Yesterday",
        "Today.",
        "Entrance",
        "Lisbon",
        "Three cats",
        "A house",
        "The end",
        "Who?",
        "Sorry!",
        "Dr. Silva arrived at 9 a.m. with Prof. O'Neill.",
        "Bread, milk, eggs, cheese, apples, rice and two bottles of water.",
        "Water boils at 100 °C at sea level.",
        "Xylographqz",
        "🙂 See you soon!",
        "Please keep {name} and %s as they are.",
        "Although the committee had met several times during the winter, it was only in April, after the first results were published, "
        "that its members agreed on a plan for the following year.",
        "The old lighthouse, which stands on a narrow strip of land between the river and the sea, was built more than two hundred years "
        "ago by the people of the village, who carried every stone by hand from a quarry on the other side of the hill, and it still "
        "guides the fishing boats home every night.",
    ],
    "pt": [
        "Olá.",
        "Muito obrigado!",
        "Proibido fumar",
        "Como você está hoje?",
        "Onde fica a estação de trem mais próxima?",
        "As crianças brincavam felizes no jardim.",
        "Ela fechou a janela porque estava chovendo.",
        "A casa da minha avó tem uma porta vermelha e três janelas pequenas.",
        "Em 14 de março de 2019, 1.250 pessoas visitaram o museu.",
        "O preço subiu de R$ 3,50 para R$ 4,25 (cerca de 21 %).",
        "Escreva para info@example.org ou veja https://example.org/ajuda para saber mais.",
        "“Não sei”, disse ele, “mas podemos perguntar.”",
        "TODOS OS PASSAGEIROS DEVEM SAIR DO COMBOIO",
        "a rápida raposa marrom salta sobre o cão preguiçoso",
        "Bom dia.",
        "Abra a porta!",
        "Dois cafés, por favor.",
        "Gosto de música.",
        "O ônibus está atrasado.",
        "É longe?",
        "Não tocar",
        "Hoje está frio.",
        "Ele lê todas as noites.",
        "Moramos perto do mar.",
        "Página 7 de 12",
        "Meu nome é Ana.",
        "O gato dorme.",
        "Vire à esquerda aqui.",
        "Sim.",
        "Não!",
        "Por quê?",
        "Boa noite.",
        "Espere aqui.",
        "Entre.",
        "Segunda-feira",
        "Até amanhã.",
        "Muito bem!",
        "Estou cansado.",
        "Fechado aos domingos",
        "Claro.",
        "Chá ou café?",
        "Concordo.",
        "Sente-se.",
        "Saída",
        "Amanhã de manhã",
        "Cuidado!",
        "Ele está aqui.",
        "Quanto custa?",
        "Boa sorte.",
        "Terça-feira",
        "Obrigada.",
        "Verdade?",
        "Vá!",
        "Pare.",
        "Feliz aniversário!",
        "Talvez.",
        "Ontem",
        "Hoje.",
        "Entrada",
        "Lisboa",
        "Três gatos",
        "Uma casa",
        "A Dra. Silva chegou às 9h com o Prof. Nunes.",
        "Pão, leite, ovos, queijo, maçãs, arroz e duas garrafas de água.",
        "A água ferve a 100 °C ao nível do mar.",
        "Xilografqz",
        "🙂 Até logo!",
        "Por favor, mantenha {nome} e %s como estão.",
        "Embora a comissão se tivesse reunido várias vezes durante o inverno, só em abril, depois de publicados os primeiros resultados, é "
        "que os seus membros chegaram a acordo sobre um plano para o ano seguinte.",
        "O velho farol, que fica numa estreita faixa de terra entre o rio e o mar, foi construído há mais de duzentos anos pelos "
        "habitantes da aldeia, que carregaram cada pedra à mão desde uma pedreira do outro lado da colina, e ainda hoje guia os barcos "
        "de pesca para casa todas as noites.",
    ],
}


def rounded(values, digits=4):
    return [round(float(value), digits) for value in values]


def search(student, ids):
    return list(student.greedy(ids, 3 * len(ids) + 20))


def lead(found):
    return min(float(np.subtract(*np.partition(log_probs, -2)[:-3:-1])) for _, log_probs, _ in found)


def differ(found, other):
    same_ids = [a[0] for a in found] == [b[0] for b in other]
    return not same_ids or any(np.abs(a[1] - b[1]).max() > 1e-4 for a, b in zip(found, other))


def values(student, ids, found):
    """What a search computed on the way, a sample of it."""
    steps = []
    for _, log_probs, attention in found[:STEPS_SHOWN]:
        top = np.argsort(-log_probs, kind="stable")[:IDS_SHOWN]
        steps.append({"ids": top.tolist(), "logProbs": rounded(log_probs[top]), "attention": rounded(attention)})
    keys = student.encode(ids)[0][0]
    tokens = sorted({0, len(ids) // 2, len(ids) - 1})
    return {
        "keys": [{"token": token, "values": rounded(keys[token, :8])} for token in tokens],
        "logProbs": rounded(log_probs[token] for token, log_probs, _ in found),
        "steps": steps,
    }


def main(language, folder):
    files = {kind: next(pathlib.Path(folder).glob(kind)) for kind in ("model.*.bin", "lex.*.bin", "vocab.*.spm")}
    tokeniser = sentencepiece.SentencePieceProcessor(str(files["vocab.*.spm"]))
    first, lists = read_lexicon(files["lex.*.bin"])
    students = {kind: Student(files["model.*.bin"], kind) for kind in TOLERANCE}
    nudged = [Student(files["model.*.bin"], "int8", nudge) for nudge in NUDGES]
    records = []
    for text in SENTENCES[language]:
        ids = tokeniser.encode(text) + [0]
        allowed = set(range(first)).union(ids, *(lists[token] for token in ids))
        record = {"text": text, "sourceIds": ids, "allowed": {"count": len(allowed), "sum": sum(allowed)}}
        for kind, student in students.items():
            found = search(student, ids)
            others = [search(other, ids) for other in nudged] if kind == "int8" else []
            on_edge = any(differ(found, other) for other in others)
            least = LEAST_LEAD_ON_EDGE if on_edge else LEAST_LEAD
            if found[-1][0] != 0 or any(lead(one) < least for one in [found, *others]):
                print(f"too close to call in {kind}: {text}", file=sys.stderr)
                continue
            ids_found = [token for token, _, _ in found]
            if on_edge:
                record["int8Ids"] = ids_found
            else:
                record[kind] = {"ids": ids_found, **values(student, ids, found)}
        records.append(record)
    counts = {key: sum(key in record for record in records) for key in ("float", "int8", "int8Ids")}
    print(f"{len(records)} sentences: {counts}", file=sys.stderr)
    golden = {"reference": "scripts/reference/marian.py", "tolerance": TOLERANCE, "sentences": records}
    print(json.dumps(golden, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main(*sys.argv[1:])
