"""Loads a model folder as its users would: AutoModelForCausalLM, AutoTokenizer, a few generated tokens.

    python check_folder.py DIR [--text "12 + 7 ="]

Prints a line a check and exits 1 when one fails: missing, unexpected or mis-shaped weights, weights that are not
finite, a tokenizer that does not give its text back, token ids beyond the model's vocabulary.
"""

import argparse
import logging
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", default="12+7-3=<think>12+7=19</think><answer>16</answer>")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    torch.manual_seed(0)
    failures = 0

    def report(name, problem, detail=""):
        nonlocal failures
        failures += bool(problem)
        print(f"{'FAIL' if problem else 'pass'}  {name}{': ' + str(problem) if problem else detail and ': ' + detail}")

    model, loading = AutoModelForCausalLM.from_pretrained(args.folder, dtype=torch.float32, output_loading_info=True)
    # A module for further tokens follows the last layer: transformers leaves it out of the model, and says so.
    further = [
        name
        for name in loading["unexpected_keys"]
        if name.startswith(f"model.layers.{model.config.num_hidden_layers}.")
    ]
    loading["unexpected_keys"] = set(loading["unexpected_keys"]) - set(further)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        report(f"no {kind.replace('_', ' ')}", sorted(loading[kind]))
    if further:
        print(f"skip  a module for further tokens: {len(further)} tensors are left out")
    not_finite = [name for name, tensor in model.state_dict().items() if not tensor.isfinite().all()]
    report("weights are finite", not_finite, f"{sum(p.numel() for p in model.parameters())} parameters")

    vocab = model.config.vocab_size
    ids = torch.randint(0, vocab, (1, 8))
    if (args.folder / "tokenizer.json").exists():
        tokenizer = AutoTokenizer.from_pretrained(args.folder)
        size = f"{len(tokenizer)} tokens, vocab_size {vocab}"
        report("token ids fit the vocabulary", len(tokenizer) > vocab and size, size)
        report("there is an end token", tokenizer.eos_token_id is None and "eos_token is not set", tokenizer.eos_token)
        encoded = tokenizer(args.text, add_special_tokens=False)["input_ids"]
        decoded = tokenizer.decode(encoded)
        report("text comes back", decoded != args.text and f"{args.text!r} gave {decoded!r}", f"{len(encoded)} tokens")
        tags = ("<think>", "</think>", "<answer>", "</answer>")
        report("each tag is one token", [tag for tag in tags if len(tokenizer.tokenize(tag)) != 1])
        stripped = tokenizer.decode(encoded, skip_special_tokens=True)
        lost = [tag for tag in tags if tag in args.text and tag not in stripped]
        report("tags survive decoding without special tokens", lost)
        ids = torch.tensor([tokenizer(args.text)["input_ids"]])
    else:
        print("skip  no tokenizer.json")
    out = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=8, do_sample=False, pad_token_id=0)
    report("it generates", out.shape[1] <= ids.shape[1] and "no token came", str(out[0, ids.shape[1] :].tolist()))
    sys.exit(1 if failures else 0)


main()
