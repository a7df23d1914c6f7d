"""Consensus training: cross-entropy on the captions of a picture that most agree with its references, the decoder's own
samples among them.

    python consensus.py --config config/caption.json --start FILE --data DIR --features DIR --out DIR [--resume FILE]

Between cross-entropy and self-critical training (scst.py), after Phan et al. 2017, "Consensus-based sequence training": every
reference is scored by CIDEr-D against the picture's other four, every sample against all five; the best `kept` of both are
imitated, weighted by softmax(score / heat). All gradients point towards something good, so steps may be longer than
REINFORCE's, of which a CPU makes too few.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from dataset import Pictures, Swapper, pad_captions
from metrics.cider import Cider
from scst import END
from search import sample
from train import Average, greedy_scores, groups, load, save
from vocabulary import EOS, PAD


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "start", "data", "features", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    how = json.loads(args.config.read_text())["consensus"]
    args.out.mkdir(parents=True, exist_ok=True)

    train, dev = Pictures(args.features, args.data, "train"), Pictures(args.features, args.data, "dev")
    model, vocabulary, _ = load(args.start)
    optimizer = torch.optim.AdamW(groups(model, 0.01), lr=how["rate"], betas=(0.9, 0.98), fused=True)
    average, first = Average(model, how["average"]), 0
    average.updates = 10**6
    if args.resume:
        saved = torch.load(args.resume, weights_only=True)
        model.load_state_dict(saved["weights"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"] + 1
        average.weights = saved["averaged"]
    references = [[[*c, END] for c in group] for group in train.captions]
    cider = Cider(references)
    prepared = [cider.prepare(group) for group in references]
    agreement = [
        [cider.score(ref, vectors[:i] + vectors[i + 1 :]) for i, ref in enumerate(group)]
        for group, vectors in zip(references, prepared)
    ]
    encoded = [[vocabulary.encode(c) for c in group] for group in train.captions]
    sets = list(train.grids)
    size, each, total = how["pictures"], how["samples"], how["epochs"] * how["steps"]

    for epoch in range(first, how["epochs"]):
        rng = random.Random(how["seed"] * 1000 + epoch)
        torch.manual_seed(how["seed"] * 1000 + epoch)
        swapper = Swapper(vocabulary, rng)
        start, sampled, imitated = time.time(), 0.0, 0.0
        for step in range(how["steps"]):
            at = epoch * how["steps"] + step
            rate = how["rate"] * min((at + 1) / how["warm_steps"], 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * at / total)))
            for group in optimizer.param_groups:
                group["lr"] = rate
            chosen = rng.sample(range(len(encoded)), size)
            grid, labels = train.features([(rng.choice(sets), i) for i in chosen])
            targets, pools = [prepared[i] for i in chosen], []
            for j, i in enumerate(chosen):
                captions = encoded[i]
                if rng.random() < how["swap"]:
                    captions = swapper.swap(labels[j], captions)
                    if captions is not encoded[i]:
                        targets[j] = cider.prepare([[*vocabulary.decode(c), END] for c in captions])
                pools.append({tuple(c): score for c, score in zip(captions, agreement[i])})
            model.eval()
            with torch.no_grad():
                samples = sample(model, model.remember(grid, labels), each)
            for row, ids in enumerate(samples.tolist()):
                if EOS in ids:
                    words = tuple(t for t in ids if t not in (EOS, PAD))
                    score = cider.score([*vocabulary.decode(ids), END], targets[row // each])
                    sampled += score / (size * each)
                    pools[row // each].setdefault(words, score)
            kept = [sorted(pool.items(), key=lambda item: -item[1])[: how["kept"]] for pool in pools]
            imitated += sum(group[0][1] for group in kept) / size
            inputs, wanted = pad_captions([[list(words) for words, _ in group] for group in kept])
            weights = torch.zeros(inputs.shape[:2])
            for j, group in enumerate(kept):
                weights[j, : len(group)] = torch.softmax(torch.tensor([score for _, score in group]) / how["heat"], 0)
            model.train()
            logits, where = model(model.remember(grid, labels), inputs)
            losses = F.cross_entropy(logits, wanted.flatten()[where], label_smoothing=how["smoothing"], reduction="none")
            token_weights = weights.flatten()[where // inputs.shape[2]]
            loss = (token_weights * losses).sum() / token_weights.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), how["clip"])
            optimizer.step()
            average.update(model)
            if step % 25 == 24:
                print(f"  {epoch}.{step + 1} sampled {sampled / (step + 1):.3f} imitated {imitated / (step + 1):.3f} {1000 * (time.time() - start) / (step + 1):.0f} ms a step", flush=True)
        path = args.out / f"consensus{epoch:02d}.pt"
        save(path, model, average.weights, vocabulary, optimizer, epoch)
        (args.out / f"consensus{epoch - 3:02d}.pt").unlink(missing_ok=True)
        judge, _, _ = load(path)
        b4, score, said = greedy_scores(judge, dev, vocabulary, how["judged"])
        print(
            f"consensus {epoch}: sampled {sampled / how['steps']:.3f}, {time.time() - start:.0f} s; greedy dev BLEU-4 {100 * b4:.2f}, "
            f"CIDEr {score:.3f} | {said[0]} | {said[1]}",
            flush=True,
        )


if __name__ == "__main__":
    main()
