"""The two decoders: a Transformer with labels in its memory, and the classic LSTM with soft attention.

Both turn a picture's grid [b, 64, 1280] and label probabilities [b, names] into a `memory` once, and then score the words of
captions, either all at once (`forward`, for training) or one by one with a `state` (`step`, for search). In `step` a row is
one hypothesis; rows come in equal groups, one group per picture of the memory.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vocabulary import PAD

CELLS, CHANNELS = 64, 1280
MAX_TOKENS = 24


@dataclass
class Config:
    kind: str = "transformer"
    width: int = 256
    heads: int = 4
    layers: int = 3
    encoder_layers: int = 1
    inner: int = 1024
    slots: int = 5
    dropout: float = 0.2
    embedding_dropout: float = 0.3
    grid_dropout: float = 0.2


def evidence(probabilities: Tensor) -> Tensor:
    """0..1, logarithmic: a label of 1 % counts for something, one of 50 % for almost all."""
    return torch.log1p(100 * probabilities) / math.log(101)


class Dropout(nn.Module):
    """Dropout whose masks are random windows of a pool of coin tosses, tossed anew now and then: on a CPU tossing a coin
    for every number took a fifth of the training's time."""

    POOL, USES = 1 << 22, 2000

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.uses = 0
        self.pool: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        if self.pool is None or self.uses >= self.USES:
            self.pool = (torch.rand(self.POOL) >= self.p).float() / (1 - self.p)
            self.uses = 0
        self.uses += 1
        start = int(torch.randint(0, self.POOL - x.numel(), (1,)))
        return x * self.pool[start : start + x.numel()].view(x.shape)


class FeedForward(nn.Sequential):
    def __init__(self, width: int, inner: int, dropout: float) -> None:
        super().__init__(nn.Linear(width, inner), nn.ReLU(), Dropout(dropout), nn.Linear(inner, width))


class EncoderLayer(nn.Module):
    """Lets the cells and the labels of a picture look at each other."""

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.heads = c.heads
        self.norm1, self.norm2 = nn.LayerNorm(c.width), nn.LayerNorm(c.width)
        self.qkv, self.out = nn.Linear(c.width, 3 * c.width), nn.Linear(c.width, c.width)
        self.feed = FeedForward(c.width, 2 * c.width, c.dropout)
        self.dropout = Dropout(c.dropout)

    def forward(self, x: Tensor) -> Tensor:
        b, n, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, width)
        x = x + self.dropout(self.out(seen))
        return x + self.dropout(self.feed(self.norm2(x)))


class DecoderLayer(nn.Module):
    def __init__(self, c: Config) -> None:
        super().__init__()
        self.heads = c.heads
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(c.width) for _ in range(3))
        self.qkv, self.out = nn.Linear(c.width, 3 * c.width), nn.Linear(c.width, c.width)
        self.look, self.memory, self.seen = (nn.Linear(c.width, n * c.width) for n in (1, 2, 1))
        self.feed = FeedForward(c.width, c.inner, c.dropout)
        self.dropout = Dropout(c.dropout)

    def remember(self, memory: Tensor) -> tuple[Tensor, Tensor]:
        """[b, s, width] -> keys and values [b, heads, s, width / heads]."""
        b, s, _ = memory.shape
        keys, values = self.memory(memory).view(b, s, 2, self.heads, -1).permute(2, 0, 3, 1, 4)
        return keys, values

    def forward(self, x: Tensor, where: Tensor, shape: tuple[int, int, int], keys: Tensor, values: Tensor) -> Tensor:
        """x [tokens, width] is packed: only the attention sees padding. `where` puts tokens into [b, captions, length]."""
        b, captions, length = shape
        width = x.shape[1]

        def pad(packed: Tensor) -> Tensor:
            return packed.new_zeros(b * captions * length, packed.shape[1]).index_copy(0, where, packed)

        q, k, v = pad(self.qkv(self.norm1(x))).view(b * captions, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        own = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(-1, width)
        x = x + self.dropout(self.out(own.index_select(0, where)))
        q = pad(self.look(self.norm2(x))).view(b, captions * length, self.heads, -1).transpose(1, 2)
        seen = F.scaled_dot_product_attention(q, keys, values).transpose(1, 2).reshape(-1, width)
        x = x + self.dropout(self.seen(seen.index_select(0, where)))
        return x + self.dropout(self.feed(self.norm3(x)))

    def step(self, x: Tensor, keys: Tensor, values: Tensor, past: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple, Tensor]:
        """x [rows, width], past keys and values [rows, heads, t, d] -> x, the longer past, attention [rows, heads, s]."""
        rows, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(rows, 3, self.heads, 1, -1).unbind(1)
        k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        scale = q.shape[-1] ** -0.5
        weights = (q @ k.transpose(-1, -2) * scale).softmax(-1)
        x = x + self.out((weights @ v).reshape(rows, width))
        pictures = keys.shape[0]
        # [pictures, heads, rows of the picture, d]: the memory is shared, never copied per row.
        q = self.look(self.norm2(x)).view(pictures, -1, self.heads, width // self.heads).transpose(1, 2)
        weights = (q @ keys.transpose(-1, -2) * scale).softmax(-1)
        x = x + self.seen((weights @ values).transpose(1, 2).reshape(rows, width))
        attention = weights.transpose(1, 2).reshape(rows, self.heads, -1)
        return x + self.feed(self.norm3(x)), (k, v), attention


class Transformer(nn.Module):
    """names[i] is the token of label i; word_labels[token] the label whose evidence speaks for it, or `names` for none."""

    def __init__(self, c: Config, vocabulary: int, names: Tensor, word_labels: Tensor) -> None:
        super().__init__()
        self.config = c
        self.register_buffer("names", names)
        self.register_buffer("word_labels", word_labels)
        self.grid = nn.Linear(CHANNELS, c.width)
        self.grid_norm = nn.LayerNorm(c.width)
        self.grid_dropout = Dropout(c.grid_dropout)
        self.cell_positions = nn.Parameter(torch.randn(CELLS, c.width) * 0.02)
        self.words = nn.Embedding(vocabulary, c.width)
        nn.init.normal_(self.words.weight, 0, 0.02)
        self.positions = nn.Parameter(torch.randn(MAX_TOKENS, c.width) * 0.02)
        self.word_norm = nn.LayerNorm(c.width)
        self.word_dropout = Dropout(c.embedding_dropout)
        self.slot = nn.Linear(2, c.width)
        self.encoder = nn.ModuleList(EncoderLayer(c) for _ in range(c.encoder_layers))
        self.encoder_norm = nn.LayerNorm(c.width)
        self.layers = nn.ModuleList(DecoderLayer(c) for _ in range(c.layers))
        self.norm = nn.LayerNorm(c.width)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.trust = nn.Linear(c.width, 1)

    def remember(self, grid: Tensor, labels: Tensor) -> dict:
        """grid [b, 64, 1280], labels [b, names] (probabilities) -> what the decoder attends to, and evidence [b, vocabulary]."""
        cells = self.grid_norm(self.grid(self.grid_dropout(grid))) + self.cell_positions
        strength, best = labels.topk(self.config.slots, -1)
        strength = strength.unsqueeze(-1)
        slots = self.word_norm(self.words(self.names[best])) + self.slot(torch.cat([strength, evidence(strength)], -1))
        x = torch.cat([cells, slots], 1)
        for layer in self.encoder:
            x = layer(x)
        x = self.encoder_norm(x)
        pairs = [layer.remember(x) for layer in self.layers]
        known = F.pad(evidence(labels), (0, 1))[:, self.word_labels]
        return {"keys": [k for k, _ in pairs], "values": [v for _, v in pairs], "evidence": known}

    @torch.no_grad()
    def sharpen(self, factor: float) -> None:
        """Multiplies all logits by `factor` from now on."""
        for scaled in (self.norm.weight, self.norm.bias, self.bias, self.trust.bias):
            scaled *= factor

    def logits(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the language says, and how much the evidence of the labels shall count: [n, vocabulary], [n, 1]."""
        x = self.norm(x)
        return F.linear(x, self.words.weight, self.bias), self.trust(x)

    def forward(self, memory: dict, ids: Tensor) -> tuple[Tensor, Tensor]:
        """ids [b, captions, length] (padded) -> logits [tokens, vocabulary] of the tokens at `where` in the flat ids."""
        b, captions, length = ids.shape
        where = (ids != PAD).flatten().nonzero().squeeze(1)
        x = self.words(ids.flatten()[where]) + self.positions[where % length]
        x = self.word_dropout(self.word_norm(x))
        for layer, keys, values in zip(self.layers, memory["keys"], memory["values"]):
            x = layer(x, where, (b, captions, length), keys, values)
        logits, trust = self.logits(x)
        return logits + trust * memory["evidence"][where // (captions * length)], where

    def begin(self, memory: dict, rows: int) -> list:
        """The state before the first token, for `rows` hypotheses in all."""
        heads = self.config.heads
        empty = memory["keys"][0].new_zeros(rows, heads, 0, self.config.width // heads)
        return [(empty, empty) for _ in self.layers]

    def step(self, memory: dict, state: list, ids: Tensor) -> tuple[Tensor, list, Tensor]:
        """ids [rows] -> logits [rows, vocabulary], the next state, attention over the cells [rows, 64]."""
        at = state[0][0].shape[2]
        x = self.word_norm(self.words(ids) + self.positions[at])
        after, maps = [], []
        for layer, keys, values, past in zip(self.layers, memory["keys"], memory["values"], state):
            x, past, attention = layer.step(x, keys, values, past)
            after.append(past)
            maps.append(attention[..., :CELLS].mean(1))
        attention = torch.stack(maps).mean(0)
        attention = attention / attention.sum(-1, keepdim=True)
        logits, trust = self.logits(x)
        known = memory["evidence"].unsqueeze(1)
        pictures = known.shape[0]
        logits = logits.view(pictures, -1, known.shape[-1]) + trust.view(pictures, -1, 1) * known
        return logits.flatten(0, 1), after, attention

    @staticmethod
    def select(state: list, rows: Tensor) -> list:
        return [(k[rows], v[rows]) for k, v in state]


class SoftAttention(nn.Module):
    """Show, Attend and Tell (Xu et al. 2015): an LSTM that looks at the grid before every word, with their gate on what it
    sees, and an output layer that reads word, state and picture."""

    def __init__(self, c: Config, vocabulary: int, names: Tensor, word_labels: Tensor) -> None:
        super().__init__()
        self.config = c
        self.register_buffer("names", names)
        self.register_buffer("word_labels", word_labels)
        width, state, inner = c.width, c.inner, c.width
        self.grid = nn.Linear(CHANNELS, width)
        self.grid_norm = nn.LayerNorm(width)
        self.grid_dropout = Dropout(c.grid_dropout)
        self.words = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.words.weight, 0, 0.1)
        self.keys = nn.Linear(width, inner)
        self.query = nn.Linear(state, inner, bias=False)
        self.energy = nn.Linear(inner, 1, bias=False)
        self.hidden, self.cell = nn.Linear(width, state), nn.Linear(width, state)
        self.gate = nn.Linear(state, width)
        self.lstm = nn.LSTMCell(2 * width, state)
        self.from_state, self.from_seen = nn.Linear(state, width), nn.Linear(width, width, bias=False)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.dropout = Dropout(c.dropout)
        self.word_dropout = Dropout(c.embedding_dropout)

    def remember(self, grid: Tensor, labels: Tensor) -> dict:
        cells = torch.relu(self.grid_norm(self.grid(self.grid_dropout(grid))))
        return {"cells": cells, "keys": self.keys(cells)}

    def begin(self, memory: dict, rows: int) -> tuple[Tensor, Tensor]:
        mean = memory["cells"].mean(1)
        mean = mean.repeat_interleave(rows // mean.shape[0], 0)
        return torch.tanh(self.hidden(mean)), torch.tanh(self.cell(mean))

    def attend(self, memory: dict, h: Tensor) -> tuple[Tensor, Tensor]:
        pictures = memory["cells"].shape[0]
        query = self.query(h).view(pictures, -1, 1, memory["keys"].shape[-1])
        energy = self.energy(torch.tanh(memory["keys"].unsqueeze(1) + query)).squeeze(-1)
        weights = energy.softmax(-1)
        seen = (weights @ memory["cells"]).flatten(0, 1)
        return seen * torch.sigmoid(self.gate(h)), weights.flatten(0, 1)

    def step(self, memory: dict, state: tuple[Tensor, Tensor], ids: Tensor) -> tuple[Tensor, tuple, Tensor]:
        x, after, attention = self.advance(memory, state, self.word_dropout(self.words(ids)))
        return F.linear(self.dropout(x), self.words.weight, self.bias), after, attention

    def advance(self, memory: dict, state: tuple[Tensor, Tensor], word: Tensor) -> tuple[Tensor, tuple, Tensor]:
        seen, attention = self.attend(memory, state[0])
        h, c = self.lstm(torch.cat([word, seen], 1), state)
        return torch.tanh(word + self.from_state(self.dropout(h)) + self.from_seen(seen)), (h, c), attention

    def forward(self, memory: dict, ids: Tensor) -> tuple[Tensor, Tensor]:
        b, captions, length = ids.shape
        where = (ids != PAD).flatten().nonzero().squeeze(1)
        words = self.word_dropout(self.words(ids.flatten(0, 1)))
        state = self.begin(memory, b * captions)
        outputs = []
        for at in range(length):
            x, state, _ = self.advance(memory, state, words[:, at])
            outputs.append(x)
        x = torch.stack(outputs, 1).flatten(0, 1)[where]
        return F.linear(self.dropout(x), self.words.weight, self.bias), where

    @staticmethod
    def select(state: tuple, rows: Tensor) -> tuple:
        return state[0][rows], state[1][rows]


def build(config: Config, vocabulary, labels: dict) -> nn.Module:
    """`vocabulary`: Vocabulary; `labels`: data/labels.json."""
    from labels import plural

    names = [label["name"] for label in labels["labels"]]
    word_labels = torch.full((len(vocabulary),), len(names), dtype=torch.long)
    for i, name in enumerate(names):
        for word in (plural(name), name):
            if word in vocabulary.ids and (word == name or word not in names):
                word_labels[vocabulary.ids[word]] = i
    tokens = torch.tensor([vocabulary.ids[name] for name in names])
    kind = {"transformer": Transformer, "lstm": SoftAttention}[config.kind]
    return kind(config, len(vocabulary), tokens, word_labels)
