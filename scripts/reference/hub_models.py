"""Writes scripts/compat/hub.golden.bin.gz, hubPictures.golden.bin.gz and hubSpeech.golden.bin.gz: small random models of the Hub in the layout of transformers.js, and what transformers makes of them.

    pip install torch==2.13.0 transformers==4.57.6 tokenizers==0.22.2 optimum-onnx==0.1.0 onnx==1.23.2 onnxruntime==1.30.1
    python scripts/reference/hub_models.py

The models are exported by optimum; the goldens are what `generate()` of transformers says in PyTorch, by greedy search and with
four beams. Tokenisers are trained on the lines below. Without a network; unigram vocabularies and names inside
merged graphs differ a little from run to run.
"""

import gzip
import json
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import onnx
import torch
from optimum.onnx import merge_decoders
from optimum.exporters.onnx import onnx_export_from_model
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    GenerationConfig,
    GenerationMixin,
    GPT2Config,
    LogitsProcessorList,
    M2M100Config,
    M2M100ForConditionalGeneration,
    MarianConfig,
    MarianMTModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    WhisperConfig,
    WhisperForConditionalGeneration,
    WhisperTimeStampLogitsProcessor,
)

LINES = """The cat sat on the mat and looked at the rain.
A committee of the parliament voted on Tuesday to adopt the new rules.
It was the best of times, it was the worst of times.
She sells sea shells by the sea shore; he said "no" and left.
O gato sentou-se no tapete e olhou para a chuva.
O parlamento votou na terça-feira para adotar as novas regras.
Foi o melhor dos tempos, foi o pior dos tempos.
Where is the station? It's two kilometres from here, on the left.
Onde fica a estação? Fica a dois quilômetros daqui, à esquerda.
The quick brown fox jumps over 13 lazy dogs at 7:45.""".split("\n")
SENTENCES = ["The cat sat on the mat.", "Where is the station, he said?", "O parlamento votou  na terça-feira!", "Tuesday 13"]
VOCABULARY = 160
SPACE = "\u2581"
# Of 10 ms, in the windows of a Whisper.
FRAMES = 3000


def unigram(specials, last=()):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY - len(last), special_tokens=list(specials), unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE, prepend_scheme="always")
    tokenizer.add_special_tokens(list(last))
    return tokenizer


def byte_level(specials):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=list(specials),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def bpe_metaspace(specials, last):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY - len(last), special_tokens=list(specials), show_progress=False)
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE, prepend_scheme="always")
    tokenizer.add_special_tokens(list(last))
    return tokenizer


def around(tokenizer, template):
    names = [part for part in template.split() if part != "$A"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=template, special_tokens=[(name, tokenizer.token_to_id(name)) for name in names]
    )
    return tokenizer


def lively(model, scale, seed=7):
    """Weights so large that the outputs differ from token to token, and an end that is likely enough to come."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            if weight.dim() > 1:
                weight.copy_(torch.randn(weight.shape, generator=generator) * scale * weight.shape[-1] ** -0.5)
            elif "bias" in name:
                weight.copy_(torch.randn(weight.shape, generator=generator) * 0.1)
        # Half of their bits: they take half the room.
        for weight in model.parameters():
            weight.copy_(weight.bfloat16())
        output = model.get_output_embeddings()
        if output is not None and model.config.eos_token_id is not None:
            output.weight[model.config.eos_token_id] *= 1.5
    return model.eval()


def marian():
    tokenizer = around(unigram(["</s>", "<unk>", ">>por<<", ">>pt_BR<<", ">>spa<<"], ["<pad>"]), "$A </s>")
    size = tokenizer.get_vocab_size()
    pad = tokenizer.token_to_id("<pad>")
    config = MarianConfig(
        vocab_size=size, d_model=16, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=64, pad_token_id=pad, eos_token_id=0,
        decoder_start_token_id=pad, forced_eos_token_id=0, scale_embedding=True, activation_function="swish",
        share_encoder_decoder_embeddings=True, static_position_embeddings=True, tie_word_embeddings=False,
    )  # fmt: skip
    generation = {
        "bad_words_ids": [[pad]], "decoder_start_token_id": pad, "eos_token_id": 0, "forced_eos_token_id": 0,
        "max_length": 32, "num_beams": 4, "pad_token_id": pad,
    }  # fmt: skip
    prefixed = [f">>por<< {sentence}" for sentence in SENTENCES]
    about = {"tokenizer_class": "MarianTokenizer", "source_lang": "eng", "target_lang": "roa"}
    return lively(MarianMTModel(config), 2.5, 3), tokenizer, generation, about, prefixed, {}


def nllb():
    languages = ["eng_Latn", "por_Latn", "zho_Hant"]
    tokenizer = bpe_metaspace(["<s>", "<pad>", "</s>", "<unk>"], [*languages, "<mask>"])
    around(tokenizer, "eng_Latn $A </s>")
    config = M2M100Config(
        vocab_size=tokenizer.get_vocab_size(), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=64, pad_token_id=1,
        bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, scale_embedding=True, encoder_layerdrop=0, decoder_layerdrop=0, tie_word_embeddings=False,
    )  # fmt: skip
    generation = {
        "decoder_start_token_id": 2, "eos_token_id": 2, "bos_token_id": 0, "pad_token_id": 1, "max_length": 30,
    }  # fmt: skip
    about = {"tokenizer_class": "NllbTokenizer", "additional_special_tokens": languages}
    told = {"prompt": [tokenizer.token_to_id("por_Latn")]}
    return lively(M2M100ForConditionalGeneration(config), 1.8), tokenizer, generation, about, SENTENCES, told


def t5():
    tokenizer = around(unigram(["<pad>", "</s>", "<unk>"]), "$A </s>")
    config = T5Config(
        vocab_size=tokenizer.get_vocab_size(), d_model=16, d_kv=6, d_ff=24, num_layers=1, num_decoder_layers=1, num_heads=2,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, n_positions=64, tie_word_embeddings=False,
        task_specific_params={
            "summarization": {
                "early_stopping": True, "length_penalty": 2.0, "max_length": 28, "min_length": 6, "no_repeat_ngram_size": 3,
                "num_beams": 4, "prefix": "summarize: ",
            },
            "translation_en_to_de": {"prefix": "translate English to German: "},
        },
    )  # fmt: skip
    generation = {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0}
    prefixed = [f"summarize: {sentence}" for sentence in SENTENCES]
    told = {"generation": {key: value for key, value in config.task_specific_params["summarization"].items() if key != "prefix"}}
    return lively(T5ForConditionalGeneration(config), 1.6), tokenizer, generation, {"tokenizer_class": "T5Tokenizer"}, prefixed, told


def bart():
    tokenizer = byte_level(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = processors.RobertaProcessing(sep=("</s>", 2), cls=("<s>", 0), add_prefix_space=False)
    config = BartConfig(
        vocab_size=tokenizer.get_vocab_size(), d_model=12, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=96, pad_token_id=1,
        bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2, tie_word_embeddings=False,
    )  # fmt: skip
    generation = {
        "bos_token_id": 0, "decoder_start_token_id": 2, "early_stopping": True, "eos_token_id": 2, "forced_bos_token_id": 0,
        "forced_eos_token_id": 2, "length_penalty": 2.0, "max_length": 24, "min_length": 8, "no_repeat_ngram_size": 3,
        "num_beams": 4, "pad_token_id": 1,
    }  # fmt: skip
    about = {"tokenizer_class": "BartTokenizer"}
    return lively(BartForConditionalGeneration(config), 1.6), tokenizer, generation, about, SENTENCES, {}


def whisper(languages, mels, size):
    """Of several languages, or of English alone (none)."""
    tasks = ["<|translate|>", "<|transcribe|>"]
    specials = ["<|endoftext|>", "<|startoftranscript|>", *[f"<|{language}|>" for language in languages], *tasks]
    specials += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    tokenizer = byte_level([])
    end = tokenizer.get_vocab_size()
    tokenizer.add_special_tokens(specials)
    tokenizer.add_tokens([f"<|{0.02 * step:.2f}|>" for step in range(101)])
    ids = {name: tokenizer.token_to_id(name) for name in specials}
    start = ids["<|startoftranscript|>"]
    config = WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(), num_mel_bins=mels, d_model=size, encoder_layers=1, decoder_layers=2,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16,
        max_source_positions=FRAMES // 2, max_target_positions=64, pad_token_id=end, bos_token_id=end, eos_token_id=end,
        decoder_start_token_id=start, suppress_tokens=None, begin_suppress_tokens=None, tie_word_embeddings=False,
    )  # fmt: skip
    generation = {
        "begin_suppress_tokens": [tokenizer.token_to_id("Ġ"), end], "bos_token_id": end, "eos_token_id": end, "pad_token_id": end,
        "decoder_start_token_id": start, "is_multilingual": len(languages) > 0, "max_length": 64,
        "max_initial_timestamp_index": 50, "no_timestamps_token_id": ids["<|notimestamps|>"],
        "suppress_tokens": [1, 2, 7, *[ids[name] for name in specials[1:]]], "alignment_heads": [[0, 1], [1, 0]], "return_timestamps": False,
    }  # fmt: skip
    if languages:
        generation["lang_to_id"] = {f"<|{language}|>": ids[f"<|{language}|>"] for language in languages}
        generation["task_to_id"] = {name[2:-2]: ids[name] for name in tasks}
    model = lively(WhisperForConditionalGeneration(config), 1.6)
    with torch.no_grad():
        # So sure of its words that they are not taken for noise.
        model.proj_out.weight *= 4
    return model, tokenizer, generation, ids


def captioner():
    tokenizer = byte_level([])
    tokenizer.add_special_tokens(["<|endoftext|>"])
    end = tokenizer.token_to_id("<|endoftext|>")
    encoder = ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=16, patch_size=8)
    decoder = GPT2Config(
        vocab_size=end + 1, n_positions=32, n_embd=16, n_layer=1, n_head=2, bos_token_id=end, eos_token_id=end,
        add_cross_attention=True, is_decoder=True, tie_word_embeddings=False,
    )  # fmt: skip
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    config.decoder_start_token_id, config.eos_token_id, config.pad_token_id = end, end, end
    config.vocab_size = end + 1
    generation = {"bos_token_id": end, "decoder_start_token_id": end, "eos_token_id": end, "pad_token_id": end, "max_length": 16}
    model = lively(VisionEncoderDecoderModel(config), 1.6)
    return model, tokenizer, generation, {"tokenizer_class": "GPT2Tokenizer"}, None, {}


def trimmed(ids, end):
    """Up to the end, without padding."""
    return ids[: ids.index(end) + 1] if end in ids else ids


def slim(path, attentions):
    """Without names and comments, which nobody needs; with the attention to the source as outputs, as some exports have them."""
    model = onnx.load(path)
    if attentions:
        softmaxes = [node for node in model.graph.node if node.op_type == "Softmax"]
        # Each layer of a decoder attends to itself, then to the source.
        for layer, node in enumerate(softmaxes[1::2]):
            name = f"cross_attentions.{layer}"
            model.graph.node.append(onnx.helper.make_node("Identity", [node.output[0]], [name]))
            shape = ["batch_size", "heads", "decoder_sequence_length", "encoder_sequence_length"]
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    for node in model.graph.node:
        node.name, node.doc_string = "", ""
        del node.metadata_props[:]
    del model.metadata_props[:]
    onnx.save(model, path)


def graphs_of(model, task, merged, attentions):
    """The ONNX files of a model, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        onnx_export_from_model(model, folder, task=task, opset=18, do_validation=False, no_post_process=True, device="cpu")
        path = lambda name: os.path.join(folder, f"{name}.onnx")
        slim(path("encoder_model"), False)
        for name in ("decoder_model", "decoder_with_past_model"):
            slim(path(name), attentions)
        names = ["encoder_model", "decoder_model", "decoder_with_past_model"]
        if merged:
            merge_decoders(path(names[1]), path(names[2]), save_path=path("decoder_model_merged"), strict=False)
            names = ["encoder_model", "decoder_model_merged"]
        return {f"onnx/{name}.onnx": open(path(name), "rb").read() for name in names}


def text_case(name, make, merged=True, attentions=False):
    model, tokenizer, generation, about, sources, told = make()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    model.set_attn_implementation("eager")
    runs = []
    for source in sources:
        encoded = fast(source, return_tensors="pt", return_token_type_ids=False)
        offsets = fast(source, return_offsets_mapping=True)["offset_mapping"]
        run = {"source": source, "ids": encoded["input_ids"][0].tolist(), "offsets": offsets}
        prompt = told.get("prompt", [])
        begin = [generation["decoder_start_token_id"], *prompt]
        options = {**generation, **told.get("generation", {})}
        for beams in (1, 4):
            with torch.no_grad():
                said = model.generate(
                    **encoded,
                    **({"decoder_input_ids": torch.tensor([begin])} if prompt else {}),
                    generation_config=GenerationConfig(**{**options, "do_sample": False, "num_beams": beams}),
                )
            ids = trimmed(said[0].tolist()[len(begin) :], generation["eos_token_id"])
            run["greedy" if beams == 1 else "beams"] = ids
            run["greedyText" if beams == 1 else "beamsText"] = fast.decode(ids, skip_special_tokens=True)
        if attentions:
            labels = torch.tensor([begin + run["greedy"][:-1]])
            with torch.no_grad():
                seen = model(**encoded, decoder_input_ids=labels, output_attentions=True).cross_attentions
            run["attention"] = [[round(value, 5) for value in row] for row in seen[max(0, len(seen) - 2)][0].mean(0).tolist()]
        runs.append(run)
        print(name, run["greedy"], run["beams"], file=sys.stderr)
    files = {"config.json": model.config.to_dict(), "generation_config.json": generation, "tokenizer_config.json": about}
    files["tokenizer.json"] = json.loads(tokenizer.to_str())
    # After the goldens: the exporter changes the model.
    task = "text2text-generation-with-past"
    return {"name": name, "prompt": told.get("prompt", []), "runs": runs}, files, graphs_of(model, task, merged, attentions)


def write(path, cases):
    """A length (uint32, little endian), so much JSON, and the files one after the other; all of it gzipped."""
    blobs, listed = [], []
    for case, files, graphs in cases:
        every = {name: json.dumps(value).encode() for name, value in files.items()} | graphs
        listed.append({**case, "files": [{"path": name, "sizeBytes": len(data)} for name, data in every.items()]})
        blobs += every.values()
    head = json.dumps({"cases": listed}).encode()
    with open(path, "wb") as file:
        file.write(gzip.compress(len(head).to_bytes(4, "little") + head + b"".join(blobs), 9, mtime=0))


def wave(*shape):
    """Features that need not be kept: both sides compute them."""
    count = int(np.prod(shape))
    return torch.tensor(np.sin(np.arange(count) * 0.37).astype(np.float32).reshape(shape))


def captioner_case():
    model, tokenizer, generation, about, _, _ = captioner()
    model.set_attn_implementation("eager")
    pixels = wave(1, 3, 16, 16)
    run = {}
    for name, beams in (("greedy", 1), ("beams", 4)):
        with torch.no_grad():
            options = GenerationConfig(**generation, do_sample=False, num_beams=beams)
            said = model.generate(pixel_values=pixels, generation_config=options)[0].tolist()[1:]
        run[name] = trimmed(said, generation["eos_token_id"])
    print("captioner", run, file=sys.stderr)
    files = {"config.json": model.config.to_dict(), "generation_config.json": generation, "tokenizer_config.json": about}
    files["tokenizer.json"] = json.loads(tokenizer.to_str())
    files["preprocessor_config.json"] = {
        "image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": 16, "width": 16}, "resample": 2,
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }  # fmt: skip
    return {"name": "captioner", "prompt": [], "runs": [], "picture": run}, files, graphs_of(model, "image-to-text-with-past", True, False)


def mel_of(kind, mels):
    """Features that need not be kept: both sides compute them."""
    i = np.arange(mels * FRAMES)
    band, frame = i // FRAMES, i % FRAMES
    values = np.sin(0.37 * band * (1 + kind) + 0.011 * frame * (1 + 0.05 * band)) * (0.6 + 0.4 * np.sin(0.005 * frame + kind))
    return torch.tensor(values.astype(np.float32).reshape(1, mels, FRAMES))


def whisper_case(name, languages, mels, size, merged, attentions):
    model, tokenizer, generation, ids = whisper(languages, mels, size)
    model.set_attn_implementation("eager")
    start, first_time = ids["<|startoftranscript|>"], ids["<|notimestamps|>"] + 1
    chances_after = lambda features, prompt: model(features, decoder_input_ids=torch.tensor([prompt])).logits[0].softmax(-1)
    windows = []
    for kind in range(3):
        features = mel_of(kind, mels)
        window = {"kind": kind, "runs": []}
        with torch.no_grad():
            chances = chances_after(features, [start])[0]
        window["noSpeech"] = chances[ids["<|nospeech|>"]].item()
        heard = [chances[ids[f"<|{language}|>"]].item() for language in languages]
        window["languages"] = [round(chance / sum(heard), 6) for chance in heard]
        tell = lambda task: [start, ids[f"<|{languages[kind % len(languages)]}|>"], ids[task]]
        prompts = [tell("<|transcribe|>"), tell("<|translate|>")] if languages else [[start]]
        for prompt in prompts:
            run = {"prompt": prompt}
            for way, beams in (("greedy", 1), ("beams", 4)):
                options = GenerationConfig(
                    **{key: generation[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id")},
                    suppress_tokens=generation["suppress_tokens"], begin_suppress_tokens=generation["begin_suppress_tokens"],
                    do_sample=False, num_beams=beams, max_new_tokens=28, renormalize_logits=beams > 1,
                )  # fmt: skip
                times = WhisperTimeStampLogitsProcessor(GenerationConfig(**generation), begin_index=len(prompt))
                with torch.no_grad():
                    # The search itself, without Whisper's own loop over windows.
                    said = GenerationMixin.generate(
                        model, input_features=features, decoder_input_ids=torch.tensor([prompt]), generation_config=options,
                        logits_processor=LogitsProcessorList([times]),
                    )  # fmt: skip
                run[way] = trimmed(said[0].tolist()[len(prompt) :], generation["eos_token_id"])
            run["text"] = tokenizer.decode([id for id in run["greedy"] if id < first_time], skip_special_tokens=True)
            if attentions:
                labels = torch.tensor([prompt + run["greedy"][:3]])
                with torch.no_grad():
                    seen = model(features, decoder_input_ids=labels, output_attentions=True).cross_attentions
                # Of the first tokens, each alignment head, every hundredth place.
                run["attention"] = [
                    [[round(value, 7) for value in seen[layer][0, head, len(prompt) - 1 + token, ::100].tolist()] for layer, head in generation["alignment_heads"]]
                    for token in range(min(3, len(run["greedy"])))
                ]
            print(name, run["greedy"], run["beams"], file=sys.stderr)
            window["runs"].append(run)
        windows.append(window)
    about = {"tokenizer_class": "WhisperTokenizer"}
    files = {"config.json": model.config.to_dict(), "generation_config.json": generation, "tokenizer_config.json": about}
    files["tokenizer.json"] = json.loads(tokenizer.to_str())
    files["preprocessor_config.json"] = {
        "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": mels, "sampling_rate": 16000, "hop_length": 160,
        "n_fft": 400, "chunk_length": 30, "n_samples": FRAMES * 160, "nb_max_frames": FRAMES, "padding_side": "right",
        "padding_value": 0.0, "return_attention_mask": False,
    }  # fmt: skip
    task = "automatic-speech-recognition-with-past"
    return {"name": name, "prompt": [], "runs": [], "windows": windows}, files, graphs_of(model, task, merged, attentions)


def main():
    cases = [
        text_case("marian", marian, attentions=True),
        text_case("nllb", nllb),
        text_case("t5", t5),
        text_case("bart", bart, merged=False),
    ]
    beside = lambda name: os.path.join(os.path.dirname(__file__), f"../../scripts/compat/{name}.golden.bin.gz")
    write(beside("hub"), cases)
    write(beside("hubPictures"), [captioner_case()])
    speech = [
        whisper_case("whisper", ["en", "pt", "jw"], 80, 16, merged=True, attentions=True),
        whisper_case("whisper.en", [], 128, 8, merged=False, attentions=False),
    ]
    write(beside("hubSpeech"), speech)


if __name__ == "__main__":
    main()
