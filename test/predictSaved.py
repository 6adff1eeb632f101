"""What a run that `run.save` wrote says in Python, by the usual calls of transformers and adapters alone.

usage: python predictSaved.py MODEL_DIR SAVED_DIR < pairs.json     pairs.json: [[premise, hypothesis], ...]
Prints a JSON list with {label: probability} of each pair.
"""

import json, sys

import torch
from adapters import AutoAdapterModel
from transformers import AutoTokenizer

base, saved = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(base)
model = AutoAdapterModel.from_pretrained(base)
name = model.load_adapter(saved)
model.set_active_adapters(name)
premises, hypotheses = zip(*json.load(sys.stdin))
batch = tokenizer(list(premises), list(hypotheses), padding=True, return_tensors="pt")
with torch.no_grad():
    rows = torch.softmax(model.eval()(**batch).logits, -1).tolist()
labels = model.get_labels_dict(name)
print(json.dumps([{labels[i]: p for i, p in enumerate(row)} for row in rows]))
