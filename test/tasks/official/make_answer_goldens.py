"""Computes test/tasks/official/answer-goldens.json with the official evaluation scripts, which are not part of this
project: give their paths.

    python3 make_answer_goldens.py evaluate-v1.1.py mlqa_evaluation_v1.py

SQuAD 1.1: evaluate-v1.1.py of the SQuAD page (rajpurkar.github.io/SQuAD-explorer); SHA-256 of the copy used
f5a673db…d09. MLQA 1.0: mlqa_evaluation_v1.py of github.com/facebookresearch/MLQA; f6631cf5…e00.
"""
import importlib.util
import json
import sys
import unicodedata
from pathlib import Path

from answer_cases import mlqa_cases, squad_cases


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem.replace("-", "_").replace(".", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def dataset(question_id, accepted):
    return [{"paragraphs": [{"qas": [{"id": question_id, "answers": [{"text": text} for text in accepted]}]}]}]


def goldens(cases, evaluate):
    rows = []
    for language, prediction, accepted in cases:
        scores = evaluate(dataset("q", accepted), {"q": prediction}, language)
        rows.append({"language": language, "prediction": prediction, "accepted": accepted,
                     "exactMatch": scores["exact_match"] / 100, "f1": scores["f1"] / 100})
    return rows


squad, mlqa = load(sys.argv[1]), load(sys.argv[2])
result = {
    "made": f"CPython {sys.version.split()[0]}, Unicode {unicodedata.unidata_version}",
    "squad": goldens(squad_cases(), lambda data, predictions, _: squad.evaluate(data, predictions)),
    "mlqa": goldens(mlqa_cases(), mlqa.evaluate),
}
target = Path(__file__).with_name("answer-goldens.json")
target.write_text(json.dumps(result, indent=1) + "\n")
print({kind: len(result[kind]) for kind in ("squad", "mlqa")},
      {kind: sum(0 < row["f1"] < 1 or row["exactMatch"] != row["f1"] for row in result[kind]) for kind in ("squad", "mlqa")})
