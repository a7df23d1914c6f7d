"""What rounding to eight bits costs: beam 3 on dev with the weights as trained and as exported, the encoder's too.

    python quantised.py --checkpoint FILE --presence FILE --data DIR --features DIR
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from dataset import Pictures, sum_classes
from encoder import SIZE
from evaluate import report
from export import EncoderGraph, round_weights, to_onnx
from features import load as load_picture
from presence import load_presence
from search import beam
from train import load


class Rounded(nn.Module):
    def __init__(self, whole: EncoderGraph) -> None:
        super().__init__()
        self.encoder = whole.encoder

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encoder(pixels)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("checkpoint", "presence", "data", "features"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--limit", type=int, default=1000)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, vocabulary, _ = load(args.checkpoint)
    dev = Pictures(args.features, args.data, "dev", ["plain"])
    count = min(args.limit, len(dev.names))

    def captions(grids: torch.Tensor, labels: torch.Tensor) -> list[list[str]]:
        out = []
        for at in range(0, count, 50):
            memory = model.remember(grids[at : at + 50].float(), labels[at : at + 50])
            out += [vocabulary.decode(found[0][1]) for found in beam(model, memory)]
        return out

    plain = torch.from_numpy(np.array(dev.grids["plain"][:count]))
    print("float32:", report(captions(plain, dev.labels["plain"][:count]), dev.captions[:count]), flush=True)
    whole = EncoderGraph(model, load_presence(args.presence)[0]).eval()
    round_weights(whole)
    axes = {name: {0: "batch"} for name in ("pixels", "grid", "labels")}
    graph = to_onnx(Rounded(whole), (torch.zeros(1, 3, SIZE, SIZE),), ["pixels"], ["grid", "labels"], axes)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    grids, classes = [], []
    for at in range(0, count, 20):
        pixels = np.stack([load_picture(args.data / "images" / name, "plain") for name in dev.names[at : at + 20]])
        grid, labels = session.run(None, {"pixels": pixels.astype(np.float32)})
        grids.append(torch.from_numpy(grid))
        classes.append(torch.from_numpy(labels))
    labels = sum_classes(torch.cat(classes), dev.to_label)
    print("int8:   ", report(captions(torch.cat(grids), labels), dev.captions[:count]))


if __name__ == "__main__":
    main()
