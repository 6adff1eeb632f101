"""Golden loss and gradients, in float64, that the parity fixtures do not hold: masked-LM through a language adapter and
its inverse, and full fine-tuning of every base parameter.

usage: python make_gradient_goldens.py FIXTURES > golden/gradients.json

The masked-LM head's numbers are given by a formula (`wave`), so that nothing but results need be stored. Of each gradient
its norm and its products with two such waves are kept: a wrong gradient changes them.
"""
import json, logging, os, sys

import torch
from safetensors.torch import load_file
from adapters import BertAdapterModel, DebertaV2AdapterModel, XLMRobertaAdapterModel

MODELS = {"xlm-roberta": XLMRobertaAdapterModel, "bert": BertAdapterModel, "deberta-v2": DebertaV2AdapterModel}
logging.disable(logging.WARNING)
torch.set_num_threads(1)


def wave(size, k):
    return torch.sin(torch.arange(size, dtype=torch.float64) * 1.7 + k)


def fixture_model(folder):
    config = json.load(open(os.path.join(folder, "config.json")))
    cls = MODELS[config["model_type"]]
    model = cls(cls.config_class.from_pretrained(folder, attn_implementation="eager"))
    model.load_state_dict(load_file(os.path.join(folder, "model.safetensors")), strict=False)
    return model


def gradients(model, loss):
    model.zero_grad(set_to_none=True)
    loss.backward()
    result = {}
    for name, p in model.named_parameters():
        if p.requires_grad and p.grad is not None:
            g = p.grad.flatten()
            result[name] = [v.item() for v in (g.norm(), g @ wave(g.numel(), 0), g @ wave(g.numel(), 1))]
    return result


def masked_lm(folder, inputs):
    model = fixture_model(folder)
    model.load_adapter(os.path.join(folder, "adapters", "en"), load_as="en")
    model.add_masked_lm_head("mlm")
    model.set_active_adapters("en")
    model.double().eval()
    head, words = model.heads["mlm"], model.get_input_embeddings().weight
    H, V = words.shape[1], words.shape[0]
    with torch.no_grad():
        head[0].weight.copy_(0.3 * wave(H * H, 2).view(H, H))
        head[0].bias.copy_(0.1 * wave(H, 3))
        head[2].weight.copy_(1 + 0.1 * wave(H, 4))
        head[2].bias.copy_(0.1 * wave(H, 5))
        head[3].weight.copy_(words)
        head[3].bias.copy_(0.5 * wave(V, 6))
    ids, mask = inputs["input_ids"], inputs["attention_mask"]
    at = torch.arange(ids.numel()).view(ids.shape)
    chosen = (mask == 1) & (at % 4 == 1)
    labels = torch.where(chosen, (7 * at + 3) % V, torch.full_like(ids, -100))
    model.train_adapter("en")
    model.eval()
    loss = model(**inputs, labels=labels, head="mlm").loss
    kept = {n: g for n, g in gradients(model, loss).items() if ".en." in n or n.startswith("heads.mlm.0")}
    return {"loss": loss.item(), "rows": at[chosen].tolist(), "labels": labels[chosen].tolist(), "gradients": kept}


def full(folder, inputs, labels):
    model = fixture_model(folder)
    model.load_head(os.path.join(folder, "adapters", "head_cls"), load_as="cls", use_safetensors=False)
    model.double().eval()
    for p in model.parameters():
        p.requires_grad = True
    loss = torch.nn.functional.cross_entropy(model(**inputs, head="cls").logits, labels)
    return {"loss": loss.item(), "gradients": gradients(model, loss)}


def main():
    goldens = {}
    for kind in ["bert", "xlmr", "deberta"]:
        folder = os.path.join(sys.argv[1], kind)
        fixture = json.load(open(os.path.join(folder, "fixture.json")))
        tensor = lambda v: torch.tensor(v["data"]).view(v["shape"])
        inputs = {name: tensor(v) for name, v in fixture["inputs"]["cls"].items()}
        goldens[kind] = {"maskedLm": masked_lm(folder, inputs), "full": full(folder, inputs, tensor(fixture["labels"]["cls"]))}
    json.dump(goldens, sys.stdout)


main()
