"""A Marian student read and run with numpy alone: the second opinion that the graphs in models/ are held to.

Written from the description of the format and of the network, not from src/: it shares no code with what it checks.
"""
import functools
import math
import struct

import numpy as np

FLOAT32, INTGEMM8, BYTES = 0x404, 0x4101, 0x101


def read(path):
    """{name: float32 array, or (int8 array [in, out], multiplier), or bytes}; value = int8 / multiplier."""
    data = open(path, "rb").read()
    _version, count = struct.unpack_from("<QQ", data, 0)
    offset = 16
    headers = [struct.unpack_from("<QQQQ", data, offset + 32 * i) for i in range(count)]
    offset += 32 * count
    names, shapes = [], []
    for name_length, _, _, _ in headers:
        names.append(data[offset : offset + name_length - 1].decode())
        offset += name_length
    for _, _, rank, _ in headers:
        shapes.append(struct.unpack_from(f"<{rank}i", data, offset))
        offset += 4 * rank
    (padding,) = struct.unpack_from("<Q", data, offset)
    offset += 8 + padding
    tensors = {}
    for name, shape, (_, kind, _, length) in zip(names, shapes, headers):
        block = data[offset : offset + length]
        offset += length
        size = math.prod(shape)
        if kind == FLOAT32:
            tensors[name] = np.frombuffer(block, np.float32, size).reshape(shape)
        elif kind == INTGEMM8:
            values = np.frombuffer(block, np.int8, size)
            (multiplier,) = struct.unpack_from("<f", block, size)
            # A matrix is stored transposed; the embedding is stored as it is.
            values = values.reshape(shape) if name == "Wemb" else values.reshape(shape[::-1]).T
            tensors[name] = (values, np.float32(multiplier))
        elif kind == BYTES:
            tensors[name] = block
        else:
            raise ValueError(f"{name} has type {kind:#x}")
    return tensors


def read_options(tensors):
    options = {}
    for line in tensors["special:model.yml"].decode().rstrip("\0\n").splitlines():
        key, separator, value = line.partition(": ")
        if separator:
            options[key] = value.strip().strip('"')
    return options


class Student:
    """arithmetic: `float` computes with the weights' values in float32; `int8` quantises what goes into every matrix with the static
    scales, as the WASM graphs do: round half to even, [-128, 127], and after a ReLU [0, 255] with steps 1.5 times as fine. `nudge` moves the edges between two
    steps by that part of a value: results that it changes depend on the last bits of a float."""

    def __init__(self, path, arithmetic, nudge=0.0):
        self.tensors = read(path)
        self.nudge = nudge
        self.int8 = arithmetic == "int8"
        options = read_options(self.tensors)
        self.dim = int(options["dim-emb"])
        self.heads = int(options["transformer-heads"])
        self.encoder_layers = int(options["enc-depth"])
        self.decoder_layers = int(options["dec-depth"])
        self.ffn_depth = int(options.get("transformer-ffn-depth", 2))
        self.activation = options.get("transformer-ffn-activation", "relu")
        self.before = options.get("transformer-preprocess", "")
        self.after = options.get("transformer-postprocess", "dan")
        self.top = options.get("transformer-postprocess-top", "")
        weights, multiplier = self.tensors["Wemb"]
        self.embedding = weights.astype(np.float32) / multiplier

    @functools.cache
    def weights(self, name):
        values, multiplier = self.tensors[name]
        return values.astype(np.float32) / multiplier

    def vector(self, name):
        return self.tensors[name].reshape(-1)

    def quantise(self, x, scale_name, rectified=False):
        scale = 1 / float(self.tensors[scale_name].reshape(-1)[0])
        low, high = (0, 255) if rectified else (-128, 127)
        if rectified:
            scale /= 1.5
        return (np.clip(np.rint(x / np.float32(scale) + self.nudge * (np.abs(x / scale) + 20)), low, high) * scale).astype(np.float32)

    def multiply(self, x, name, bias=None, rectified=False):
        if self.int8:
            x = self.quantise(x, f"{name}_QuantMultA", rectified)
        product = x @ self.weights(name)
        return product if bias is None else product + self.vector(bias)

    def norm(self, x, prefix, suffix=""):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        scale, bias = (self.vector(f"{prefix}_ln_{part}{suffix}") for part in ("scale", "bias"))
        return (x - mean) / np.sqrt(variance + np.float32(1e-6)) * scale + bias

    def wrap(self, x, prefix, sublayer):
        y = x
        for op in self.before:
            y = self.norm(y, prefix, "_pre") if op == "n" else y
        y = sublayer(y)
        for op in self.after:
            y = y + x if op == "a" else self.norm(y, prefix) if op == "n" else y
        return y

    def feed_forward(self, x, prefix):
        for i in range(1, self.ffn_depth + 1):
            if i > 1:
                x = np.maximum(x, 0) if self.activation == "relu" else x / (1 + np.exp(-x))
            rectified = i > 1 and self.activation == "relu"
            x = self.multiply(x, f"{prefix}_W{i}", f"{prefix}_b{i}", rectified)
        return x

    def split_heads(self, x):
        return x.reshape(len(x), self.heads, -1).transpose(1, 0, 2)

    def attend(self, queries, keys, values):
        """[T, dim], [S, dim], [S, dim] -> [T, dim] and weights [heads, T, S]"""
        q, k, v = map(self.split_heads, (queries, keys, values))
        scores = q @ k.transpose(0, 2, 1) / np.float32(math.sqrt(self.dim / self.heads))
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        return (weights @ v).transpose(1, 0, 2).reshape(len(queries), self.dim), weights

    def positions(self, first, count):
        half = self.dim // 2
        frequencies = np.exp(-np.arange(half) * (math.log(10000) / max(half - 1, 1))).astype(np.float32)
        angles = np.arange(first, first + count, dtype=np.float32)[:, None] * frequencies[None]
        return np.concatenate([np.sin(angles), np.cos(angles)], 1)

    def finish(self, x, side):
        return self.norm(x, f"{side}_top") if "n" in self.top else x

    def encode(self, ids):
        """Keys and values of every decoder layer: [(K [S, dim], V [S, dim])]."""
        x = self.embedding[ids] * np.float32(math.sqrt(self.dim)) + self.positions(0, len(ids))
        for layer in range(1, self.encoder_layers + 1):
            p = f"encoder_l{layer}_self"

            def self_attention(y):
                projections = (self.multiply(y, f"{p}_W{part}", f"{p}_b{part}") for part in "qkv")
                return self.multiply(self.attend(*projections)[0], f"{p}_Wo", f"{p}_bo")

            x = self.wrap(x, f"{p}_Wo", self_attention)
            x = self.wrap(x, f"encoder_l{layer}_ffn_ffn", lambda y: self.feed_forward(y, f"encoder_l{layer}_ffn"))
        x = self.finish(x, "encoder")
        contexts = (f"decoder_l{layer}_context" for layer in range(1, self.decoder_layers + 1))
        return [tuple(self.multiply(x, f"{c}_W{part}", f"{c}_b{part}") for part in "kv") for c in contexts]

    def step(self, previous, position, cells, memory):
        """previous id or None -> logits [vocabulary], new cells, attention of head 0 in the last layer [S]"""
        x = self.positions(position, 1)
        if previous is not None:
            x = x + self.embedding[[previous]] * np.float32(math.sqrt(self.dim))
        next_cells, weights = [], None
        for layer in range(1, self.decoder_layers + 1):
            r, c = f"decoder_l{layer}_rnn", f"decoder_l{layer}_context"

            def recurrence(y):
                forget = 1 / (1 + np.exp(-self.multiply(y, f"{r}_Wf", f"{r}_bf")))
                cell = forget * cells[layer - 1] + (1 - forget) * self.multiply(y, f"{r}_W")
                next_cells.append(cell)
                return np.maximum(cell, 0)

            def cross_attention(y):
                nonlocal weights
                attended, weights = self.attend(self.multiply(y, f"{c}_Wq", f"{c}_bq"), *memory[layer - 1])
                return self.multiply(attended, f"{c}_Wo", f"{c}_bo")

            x = self.wrap(x, f"{r}_ffn", recurrence)
            x = self.wrap(x, f"{c}_Wo", cross_attention)
            x = self.wrap(x, f"decoder_l{layer}_ffn_ffn", lambda y: self.feed_forward(y, f"decoder_l{layer}_ffn"))
        x = self.finish(x, "decoder")
        if self.int8:
            # The output layer shares its matrix with the embedding; Marian calibrates it under this name.
            x = self.quantise(x, "none_QuantMultA")
        logits = (x @ self.embedding.T)[0] + self.vector("decoder_ff_logit_out_b")
        return logits, next_cells, weights[0, 0]

    def greedy(self, ids, limit):
        """Yields (id, log-probabilities [vocabulary], attention [S]) until end-of-sentence (id 0), which is yielded too."""
        memory = self.encode(ids)
        cells = [np.zeros((1, self.dim), np.float32)] * self.decoder_layers
        previous = None
        for position in range(limit):
            logits, cells, attention = self.step(previous, position, cells, memory)
            previous = int(logits.argmax())
            top = logits.max()
            yield previous, logits - top - np.log(np.exp(logits - top).sum()), attention
            if previous == 0:
                return


def read_lexicon(path):
    """Marian's binary shortlist -> (first, lists)."""
    data = open(path, "rb").read()
    _magic, _checksum, first, _best, offset_count, id_count = struct.unpack_from("<6Q", data, 0)
    offsets = np.frombuffer(data, np.uint64, offset_count, 48).astype(int)
    ids = np.frombuffer(data, np.uint32, id_count, 48 + 8 * offset_count)
    return first, [ids[a:b].tolist() for a, b in zip(offsets, offsets[1:])]
