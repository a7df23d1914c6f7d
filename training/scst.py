"""Self-critical training: samples captions and makes those likelier that CIDEr-D likes better than their neighbours.

    python scst.py --config config/caption.json --start FILE --data DIR --features DIR --out DIR [--resume FILE]

Every caption of a picture is compared with the mean of the picture's other samples (Luo 2020, "A better variant of
self-critical sequence training"), which needs no greedy caption. The end of a caption counts as a word, or captions would
learn to break off. The start is sharpened: label smoothing left its samples so wild that most of the steps would be spent on
unlearning what no search would find. Labels are swapped as in train.py, so that a confident label stays worth saying.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch

from dataset import Pictures, Swapper
from metrics.cider import Cider
from search import sample
from train import Average, conclude, load
from vocabulary import BOS, EOS, PAD

END = "</s>"


def inputs_of(samples: torch.Tensor, pictures: int) -> torch.Tensor:
    """Sampled ids [pictures * each, n] -> what the decoder was fed, [pictures, each, n]: BOS first, nothing after the end."""
    inputs = torch.cat([torch.full_like(samples[:, :1], BOS), samples[:, :-1]], 1)
    inputs = inputs.masked_fill(inputs == EOS, PAD)
    return inputs.view(pictures, -1, samples.shape[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "start", "data", "features", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    how = json.loads(args.config.read_text())["scst"]
    args.out.mkdir(parents=True, exist_ok=True)

    train, dev = Pictures(args.features, args.data, "train"), Pictures(args.features, args.data, "dev")
    model, vocabulary, _ = load(args.start)
    model.sharpen(how["sharpen"])
    optimizer = torch.optim.Adam(model.parameters(), lr=how["rate"], betas=(0.9, 0.99), fused=True)
    average, first = Average(model, how["average"]), 0
    average.updates = 10**6
    if args.resume:
        saved = torch.load(args.resume, weights_only=True)
        model.load_state_dict(saved["weights"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"] + 1
        average.weights = saved["averaged"]
    # The decoder has no dropout: the samples come from the very distribution whose gradient is taken. What it looks at may have
    # some: a picture's memory is the same for samples and gradient, and never the same twice.
    model.eval()
    model.grid_dropout.train(how["blurred"])
    references = [[[*c, END] for c in group] for group in train.captions]
    cider = Cider(references)
    prepared = [cider.prepare(group) for group in references]
    encoded = [[vocabulary.encode(c) for c in group] for group in train.captions]
    sets = list(train.grids)
    size, each, total = how["pictures"], how["samples"], how["epochs"] * how["steps"]

    for epoch in range(first, how.get("until", how["epochs"])):
        rng = random.Random(how["seed"] * 1000 + epoch)
        torch.manual_seed(how["seed"] * 1000 + epoch)
        swapper = Swapper(vocabulary, rng)
        start, rewarded = time.time(), 0.0
        for step in range(how["steps"]):
            at = epoch * how["steps"] + step
            for group in optimizer.param_groups:
                group["lr"] = how["rate"] * min((at + 1) / how["warm_steps"], 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * at / total)))
            chosen = rng.sample(range(len(encoded)), size)
            grid, labels = train.features([(rng.choice(sets), i) for i in chosen])
            targets = [prepared[i] for i in chosen]
            for j, i in enumerate(chosen):
                if rng.random() < how["swap"]:
                    swapped = swapper.swap(labels[j], encoded[i])
                    if swapped is not encoded[i]:
                        targets[j] = cider.prepare([[*vocabulary.decode(c), END] for c in swapped])
            memory = model.remember(grid, labels)
            with torch.no_grad():
                held = {k: [t.detach() for t in v] if isinstance(v, list) else v.detach() for k, v in memory.items()}
                samples = sample(model, held, each)
            rewards = torch.tensor(
                [
                    cider.score([*vocabulary.decode(ids), END] if EOS in ids else vocabulary.decode([t for t in ids if t != PAD]), targets[row // each])
                    for row, ids in enumerate(samples.tolist())
                ]
            ).view(size, each)
            others = (rewards.sum(1, keepdim=True) - rewards) / (each - 1)
            advantage = (rewards - others).flatten()
            inputs = inputs_of(samples, size)
            logits, where = model(memory, inputs)
            length = samples.shape[1]
            chosen_log = logits.log_softmax(-1).gather(1, samples.flatten()[where].unsqueeze(1)).squeeze(1)
            loss = -(advantage[where // length] * chosen_log).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), how["clip"])
            optimizer.step()
            average.update(model)
            rewarded += rewards.mean().item()
            if step % 25 == 24:
                print(f"  {epoch}.{step + 1} reward {rewarded / (step + 1):.3f} {1000 * (time.time() - start) / (step + 1):.0f} ms a step", flush=True)
        report = f"reward {rewarded / how['steps']:.3f}, {time.time() - start:.0f} s"
        conclude(args.out, "scst", epoch, report, model, average, vocabulary, optimizer, dev, how["judged"])


if __name__ == "__main__":
    main()
