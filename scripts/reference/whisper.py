"""A Whisper in numpy float32, from CTranslate2's model.bin: written from openai/whisper's model.py, shares nothing with the converter."""
import math
import struct

import numpy as np

TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
erf = np.vectorize(math.erf, otypes=[np.float32])


def read_model(path):
    """CTranslate2's model.bin, version 6 -> {name: array}."""
    data = open(path, "rb").read()
    at = 0

    def take(kind):
        nonlocal at
        (value,) = struct.unpack_from("<" + kind, data, at)
        at += struct.calcsize("<" + kind)
        return value

    def text():
        nonlocal at
        length = take("H")
        value = data[at : at + length].rstrip(b"\0").decode()
        at += length
        return value

    assert take("I") == 6 and text() == "WhisperSpec"
    take("I")
    arrays = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        kind, size = TYPES[take("B")], take("I")
        arrays[name] = np.frombuffer(data, kind, size // np.dtype(kind).itemsize, at).reshape(shape)
        at += size
    for _ in range(take("I")):
        alias, name = text(), text()
        arrays[alias] = arrays[name]
    return {name: value.astype(np.float32) if value.dtype.kind == "f" else value for name, value in arrays.items()}


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def gelu(x):
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def rounded(rows):
    """A matrix (its first axis the outputs) rounded to 127 int8 steps to either side, with a scale for each output."""
    flat = rows.reshape(len(rows), -1)
    scale = np.abs(flat).max(1, keepdims=True) / 127
    return (np.round(flat / scale) * scale).reshape(rows.shape).astype(np.float32)


class Whisper:
    def __init__(self, path, round_weights=False):
        """With `round_weights` its matrices hold the values that they have after conversion."""
        self.w = read_model(path)
        if round_weights:
            self.w |= {name: rounded(value) for name, value in self.w.items() if name.endswith("/weight")}
        self.heads = int(self.w["encoder/num_heads"])

    def norm(self, name, x):
        mean, var = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) / np.sqrt(var + 1e-5) * self.w[name + "/gamma"] + self.w[name + "/beta"]

    def linear(self, name, x):
        return x @ self.w[name + "/weight"].T + self.w[name + "/bias"]

    def conv(self, name, x, stride):
        """x [T, channels], three taps, one frame of zeros at either end."""
        x = np.pad(x, ((1, 1), (0, 0)))
        length = (len(x) - 3) // stride + 1
        taps = [x[k : k + stride * (length - 1) + 1 : stride] @ self.w[name + "/weight"][:, :, k].T for k in range(3)]
        return sum(taps) + self.w[name + "/bias"]

    def attend(self, q, k, v, causal=False):
        """[T, d], [S, d], [S, d] -> context [T, d], weights [heads, T, S]"""
        split = lambda x: x.reshape(len(x), self.heads, -1).transpose(1, 0, 2)
        q, k, v = split(q), split(k), split(v)
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
        if causal:
            scores = scores + np.triu(np.full(scores.shape[1:], -np.inf, np.float32), 1)
        weights = softmax(scores)
        return (weights @ v).transpose(1, 0, 2).reshape(q.shape[1], -1), weights

    def self_attention(self, layer, x, causal):
        h = self.norm(f"{layer}/self_attention/layer_norm", x)
        q, k, v = np.split(self.linear(f"{layer}/self_attention/linear_0", h), 3, axis=-1)
        return x + self.linear(f"{layer}/self_attention/linear_1", self.attend(q, k, v, causal)[0])

    def ffn(self, layer, x):
        h = self.linear(f"{layer}/ffn/linear_0", self.norm(f"{layer}/ffn/layer_norm", x))
        return x + self.linear(f"{layer}/ffn/linear_1", gelu(h))

    def layers(self, side):
        count = 0
        while f"{side}/layer_{count}/ffn/linear_0/weight" in self.w:
            yield f"{side}/layer_{count}"
            count += 1

    def encode(self, mel):
        """mel [80, T] -> [T / 2, d]"""
        x = gelu(self.conv("encoder/conv2", gelu(self.conv("encoder/conv1", mel.T, 1)), 2))
        x = x + self.w["encoder/position_encodings/encodings"][: len(x)]
        for layer in self.layers("encoder"):
            x = self.ffn(layer, self.self_attention(layer, x, False))
        return self.norm("encoder/layer_norm", x)

    def decode(self, ids, encoded):
        """Logits [len(ids), vocabulary] and the cross-attention of each layer [heads, len(ids), S]."""
        x = self.w["decoder/embeddings/weight"][ids] + self.w["decoder/position_encodings/encodings"][: len(ids)]
        attention = []
        for layer in self.layers("decoder"):
            x = self.self_attention(layer, x, True)
            h = self.linear(f"{layer}/attention/linear_0", self.norm(f"{layer}/attention/layer_norm", x))
            k, v = np.split(self.linear(f"{layer}/attention/linear_1", encoded), 2, axis=-1)
            context, weights = self.attend(h, k, v)
            attention.append(weights)
            x = self.ffn(layer, x + self.linear(f"{layer}/attention/linear_2", context))
        return self.norm("decoder/layer_norm", x) @ self.w["decoder/projection/weight"].T, attention
