"""Exports a checkpoint as two ONNX graphs over one file of weights.

    python export.py --checkpoint FILE --presence FILE --out DIR [--int8]

encoder.onnx: `pixels` f32 [1, 3, 256, 256] -> `labels` f32 [1, 1000], `presence` f32 [1, witnesses], `memory.*` and
              `state.*` (one picture).
decoder.onnx: `ids` i64 [rows], `memory.*` (one picture, shared by all rows), `state.*` [rows, ...]
              -> `logits` f32 [rows, vocabulary], `attention` f32 [rows, 64], `next.*` for every state.
With --int8 matrices are stored in eight bits, one scale per output channel, behind a DequantizeLinear.
"""

import argparse
import io
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from dataset import sum_classes
from encoder import SIZE, Encoder
from model import CELLS
from presence import Presence, load_presence, read_things
from train import load
from vocabulary import read_labels

LEAST = 1024  # bytes: smaller tensors stay in the graph
HERE = Path(__file__).parent
SMALL = 8192  # numbers: smaller matrices stay in float32


def memory_names(model) -> list[str]:
    if model.config.kind == "lstm":
        return ["memory.cells", "memory.keys"]
    layers = range(model.config.layers)
    return [f"memory.{what}{i}" for what in ("keys", "values") for i in layers] + ["memory.evidence"]


def state_names(model) -> list[str]:
    if model.config.kind == "lstm":
        return ["state.hidden", "state.cell"]
    return [f"state.{what}{i}" for i in range(model.config.layers) for what in ("keys", "values")]


def flatten_memory(memory: dict) -> list[Tensor]:
    return [t for value in memory.values() for t in (value if isinstance(value, list) else [value])]


def flatten_state(state) -> list[Tensor]:
    return [t for part in state for t in (part if isinstance(part, tuple) else (part,))]


def round_weights(module: nn.Module) -> None:
    """Puts every matrix on the grid that eight bits can hold (a row whose largest value is m has steps of m / 127), so that
    PyTorch computes what the exported graphs will."""
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, (nn.Linear, nn.Conv2d, nn.Embedding, nn.LSTMCell)):
                for weight in part.parameters(recurse=False):
                    if weight.dim() > 1 and weight.numel() >= SMALL:
                        others = tuple(range(1, weight.dim()))
                        scale = weight.abs().amax(others, keepdim=True).clamp(min=1e-8) / 127
                        weight.copy_((weight / scale).round().clamp(-127, 127) * scale)


class EncoderGraph(nn.Module):
    def __init__(self, model, presence: Presence) -> None:
        super().__init__()
        self.encoder, self.model, self.presence = Encoder(), model, presence
        self.encoder.fold()
        classes = torch.tensor(read_labels()["classes"])
        # [1000, names], kept as bytes: a sum over classes as one small product.
        self.register_buffer("sums", sum_classes(torch.eye(1000), classes).to(torch.uint8))

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        grid, classes = self.encoder(pixels)
        memory = self.model.remember(grid, classes @ self.sums.float())
        return classes, self.presence(grid).sigmoid(), *flatten_memory(memory), *flatten_state(self.model.begin(memory, 1))


class DecoderGraph(nn.Module):
    def __init__(self, model, memories: int) -> None:
        super().__init__()
        self.model, self.memories = model, memories

    def forward(self, ids: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        memory, state = list(rest[: self.memories]), list(rest[self.memories :])
        if self.model.config.kind == "lstm":
            memory, state = dict(zip(("cells", "keys"), memory)), tuple(state)
        else:
            n = self.model.config.layers
            memory = {"keys": memory[:n], "values": memory[n : 2 * n], "evidence": memory[2 * n]}
            state = list(zip(state[::2], state[1::2]))
        logits, state, attention = self.model.step(memory, state, ids)
        return logits, attention, *flatten_state(state)


def to_onnx(module: nn.Module, inputs: tuple, names: list[str], outputs: list[str], axes: dict) -> onnx.ModelProto:
    file = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, inputs, file, input_names=names, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False
        )
    return onnx.load_from_string(file.getvalue())


def graphs(whole: EncoderGraph) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    model = whole.model
    memories, states = memory_names(model), state_names(model)
    pixels = torch.zeros(1, 3, SIZE, SIZE)
    encoder = to_onnx(whole, (pixels,), ["pixels"], ["labels", "presence", *memories, *states], {})
    with torch.no_grad():
        _, _, *made = whole(pixels)
    memory, state = made[: len(memories)], made[len(memories) :]
    growing = model.config.kind == "transformer"
    state = [torch.zeros(3, s.shape[1], 2, s.shape[3]) if growing else s.repeat(3, 1) for s in state]
    nexts = [name.replace("state.", "next.") for name in states]
    axes = {name: {0: "rows"} for name in ("ids", "logits", "attention")}
    axes |= {name: {0: "rows", 2: "past"} if growing else {0: "rows"} for name in states}
    axes |= {name: {0: "rows", 2: "tokens"} if growing else {0: "rows"} for name in nexts}
    ids = torch.full((3,), 4)
    decoder = to_onnx(
        DecoderGraph(model, len(memories)), (ids, *memory, *state), ["ids", *memories, *states], ["logits", "attention", *nexts], axes
    )
    return encoder, decoder


def output_axis(proto: onnx.ModelProto, name: str) -> int | None:
    """Along which axis a weight's output channels lie, or None where it should stay as it is."""
    for node in proto.graph.node:
        if name in node.input:
            if node.op_type == "Conv" and node.input[1] == name:
                return 0
            if node.op_type == "Gather":
                return 0
            if node.op_type == "Gemm" and node.input[1] == name:
                return 0 if any(a.name == "transB" and a.i for a in node.attribute) else 1
            if node.op_type == "MatMul":
                return 1
            if node.op_type == "Transpose":
                return 0
    return None


def quantise(proto: onnx.ModelProto) -> None:
    """Float matrices -> int8 with a scale per output channel, as round_weights has prepared them."""
    made, nodes = [], []
    for tensor in list(proto.graph.initializer):
        values = numpy_helper.to_array(tensor)
        axis = output_axis(proto, tensor.name)
        if values.dtype != np.float32 or values.ndim < 2 or values.size < SMALL or axis is None:
            continue
        others = tuple(i for i in range(values.ndim) if i != axis)
        scale = np.maximum(np.abs(values).max(others), 1e-8).astype(np.float32) / 127
        shape = [-1 if i == axis else 1 for i in range(values.ndim)]
        small = np.clip(np.rint(values / scale.reshape(shape)), -127, 127).astype(np.int8)
        proto.graph.initializer.remove(tensor)
        made += [numpy_helper.from_array(small, f"{tensor.name}.int8"), numpy_helper.from_array(scale, f"{tensor.name}.scale")]
        nodes.append(
            helper.make_node("DequantizeLinear", [f"{tensor.name}.int8", f"{tensor.name}.scale"], [tensor.name], axis=axis)
        )
    proto.graph.initializer.extend(made)
    rest = list(proto.graph.node)
    del proto.graph.node[:]
    proto.graph.node.extend(nodes + rest)


def pack(protos: list[onnx.ModelProto], location: str) -> bytes:
    """Moves the large tensors of all graphs into one blob, 64-byte aligned, equal ones once."""
    blob, seen = bytearray(), {}
    for proto in protos:
        for tensor in proto.graph.initializer:
            data = numpy_helper.to_array(tensor).tobytes()
            if len(data) < LEAST:
                continue
            if data not in seen:
                blob += b"\0" * (-len(blob) % 64)
                seen[data] = len(blob)
                blob += data
            tensor.ClearField("raw_data")
            for field in ("float_data", "int32_data", "int64_data"):
                tensor.ClearField(field)
            tensor.data_location = TensorProto.EXTERNAL
            del tensor.external_data[:]
            for key, value in (("location", location), ("offset", str(seen[data])), ("length", str(len(data)))):
                tensor.external_data.add(key=key, value=value)
    return bytes(blob)


def tables(witnesses: list[str], kind: str) -> str:
    """labels.json of the model: classes and labels, things with their witnesses (place in `presence`, or -1), the numbers of
    the policy and of the calibration. One label or thing a line."""
    table = read_labels()
    things = [
        {"name": name, "witness": witnesses.index(name) if name in witnesses else -1, "words": words}
        for name, words in read_things().items()
    ]
    numbers = json.loads((HERE / "data/policy.json").read_text())
    numbers["plain"] = numbers["plain"][kind]
    parts = [f'"policy": {json.dumps(numbers)}', f'"classes": {json.dumps(table["classes"])}']
    for key, rows in (("labels", table["labels"]), ("things", things)):
        parts.append(f'"{key}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]")
    return "{" + ",\n".join(parts) + "}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True, type=Path)
    parser.add_argument("--presence", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--int8", action="store_true")
    args = parser.parse_args()
    model, vocabulary, _ = load(args.checkpoint)
    args.out.mkdir(parents=True, exist_ok=True)
    presence, witnesses = load_presence(args.presence)
    whole = EncoderGraph(model, presence).eval()
    if args.int8:
        round_weights(whole)
    protos = list(graphs(whole))
    if args.int8:
        for proto in protos:
            quantise(proto)
    blob = pack(protos, "weights.bin")
    for proto, name in zip(protos, ("encoder", "decoder")):
        (args.out / f"{name}.onnx").write_bytes(proto.SerializeToString())
    (args.out / "weights.bin").write_bytes(blob)
    vocabulary.write(args.out / "vocab.txt")
    (args.out / "labels.json").write_text(tables(witnesses, model.config.kind))
    print(f"{args.out}: {len(blob) / 1e6:.2f} MB of weights; {CELLS} cells, {len(vocabulary)} tokens")


if __name__ == "__main__":
    main()
