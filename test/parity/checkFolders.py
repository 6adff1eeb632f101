"""Loads folders that this project wrote with the adapters library, many in one process.

usage: python checkFolders.py CHECK_ADAPTER.PY < jobs.json

jobs.json: [{"kind": "adapter", "arguments": [...of check_adapter.py...]},
            {"kind": "default", "folder": DIR, "fixture": DIR},   load_adapter(DIR) without any option
            {"kind": "head", "folder": DIR, "fixture": DIR, "safetensors": true}]
Prints one JSON list: {"status": 0 or 1, "output": ...} for each job.
"""

import contextlib, importlib.util, io, json, os, sys

import torch
from safetensors.torch import load_file


def fixture_model(check, fixture):
    config = json.load(open(os.path.join(fixture, "config.json")))
    cls = check.MODELS[config["model_type"]]
    model = cls(cls.config_class.from_pretrained(fixture, attn_implementation="eager"))
    model.load_state_dict(load_file(os.path.join(fixture, "model.safetensors")), strict=False)
    return model.eval()


def inputs_of(fixture, name):
    batch = json.load(open(os.path.join(fixture, "fixture.json")))["inputs"][name]
    return {key: torch.tensor(value["data"]).view(value["shape"]) for key, value in batch.items()}


def run_adapter(check, job):
    sys.argv = ["check_adapter.py", *job["arguments"]]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = check.main()
    return int(bool(status)), json.loads(printed.getvalue())


def run_default(check, job):
    model = fixture_model(check, job["fixture"])
    info = {}
    name = model.load_adapter(job["folder"], loading_info=info, with_head=False)
    state = {key: value.flatten().tolist() for key, value in model.state_dict().items() if f".{name}." in key}
    return int(bool(info["missing_keys"] or info["unexpected_keys"])), {"loading": info, "tensors": state}


def run_head(check, job):
    model = fixture_model(check, job["fixture"])
    _, name = model.load_head(job["folder"], use_safetensors=job["safetensors"])
    stored = load_file(os.path.join(job["folder"], "model_head.safetensors"))
    loaded = {key: value for key, value in model.state_dict().items() if key.startswith(f"heads.{name}.")}
    same = stored.keys() == loaded.keys() and all(torch.equal(stored[key], loaded[key]) for key in stored)
    config = model.heads[name].config
    batch = inputs_of(job["fixture"], "mc" if config["head_type"] == "multiple_choice" else "cls")
    with torch.no_grad():
        outputs = model(**batch, head=name)
    logits = [outputs.start_logits, outputs.end_logits] if "start_logits" in outputs else [outputs.logits]
    return int(not same), {"config": config, "logits": [item.flatten().tolist() for item in logits]}


def main():
    spec = importlib.util.spec_from_file_location("check_adapter", sys.argv[1])
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    runners = {"adapter": run_adapter, "default": run_default, "head": run_head}
    results = []
    for job in json.load(sys.stdin):
        status, output = runners[job["kind"]](check, job)
        results.append({"status": status, "output": output})
    json.dump(results, sys.stdout)


main()
