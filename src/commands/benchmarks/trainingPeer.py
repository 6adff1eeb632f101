"""The reference for `npm run bench -- training`: gradual unfreezing, full fine-tuning, or evaluation, in PyTorch.

Gradual: one layer's adapter opens a step, from the top; after the twelfth all are open (k·L is 45% of the 27 steps).
Prints one line of JSON: seconds and processor seconds a step, peak memory in MB.
"""
import argparse
import json
import logging
import resource
import time

logging.disable(logging.WARNING)
import torch
from adapters import BertAdapterModel, SeqBnConfig, XLMRobertaAdapterModel
from transformers import BertConfig, XLMRobertaConfig

STEPS = 27


def open_model(name):
    if name == "xlmr-base":
        config = XLMRobertaConfig(
            vocab_size=250002, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5
        )
        return XLMRobertaAdapterModel(config)
    config = BertConfig(vocab_size=250037, hidden_size=384, intermediate_size=1536, max_position_embeddings=512)
    return BertAdapterModel(config)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", choices=["gradual", "full fine-tuning", "evaluation"], required=True)
    parser.add_argument("--model", required=True)
    for name in ("threads", "batch", "length"):
        parser.add_argument("--" + name, type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = open_model(options.model)
    model.add_classification_head("task", num_labels=3)
    if options.work != "full fine-tuning":
        model.add_adapter("task", config=SeqBnConfig(reduction_factor=16))
        model.train_adapter("task")
        model.set_active_adapters("task")
    ids = torch.randint(5, 250000, (options.batch, options.length))
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": torch.randint(0, 3, (options.batch,))}
    work = {"gradual": gradual, "full fine-tuning": full, "evaluation": evaluation}[options.work]
    measured = work(model, batch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": measured[0], "cpuSeconds": measured[1], "peakMegabytes": peak}))


def gradual(model, batch):
    layers = [
        [p for name, p in model.named_parameters() if ".adapters.task." in name and f".layer.{layer}." in name]
        for layer in range(12)
    ]
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(**batch, head="task").loss.backward()
        optimizer.step()

    step()  # warm
    for layer in layers:
        for p in layer:
            p.requires_grad = False
    started, cpu = time.perf_counter(), time.process_time()
    for i in range(STEPS):
        if i < 12:
            for p in layers[11 - i]:
                p.requires_grad = True
        step()
    return (time.perf_counter() - started) / STEPS, (time.process_time() - cpu) / STEPS


def full(model, batch):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.0)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(**batch, head="task").loss.backward()
        optimizer.step()

    return median(step)


def evaluation(model, batch):
    model.eval()
    with torch.no_grad():
        return median(lambda: model(**batch, head="task"))


def median(step):
    """Of five steps after three others."""
    times = []
    for _ in range(8):
        started, cpu = time.perf_counter(), time.process_time()
        step()
        times.append((time.perf_counter() - started, time.process_time() - cpu))
    kept = sorted(times[3:])
    return kept[len(kept) // 2][0], min(cpu for _, cpu in kept)


main()
