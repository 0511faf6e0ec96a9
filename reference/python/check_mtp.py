"""Loads a folder with a module for further tokens in transformers, which ignores the module unless it is asked to draft.

    python check_mtp.py DIR [--text "9-8+3-7=?"] [--tokens 32]

Prints what transformers says on loading, and whether the model without the module's tensors has the same logits. Then lets
transformers draft with the module (generate(use_mtp=True)): the greedy tokens must be those without it. Exits 1 when one fails.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def without_module(folder, number):
    """The logits of the same folder once its module is taken out."""
    with tempfile.TemporaryDirectory() as place:
        other = Path(place) / "model"
        shutil.copytree(folder, other)
        tensors = load_file(other / "model.safetensors")
        kept = {name: tensor for name, tensor in tensors.items() if not name.startswith(f"model.layers.{number}.")}
        save_file(kept, other / "model.safetensors", {"format": "pt"})
        print(f"without the module's {len(tensors) - len(kept)} tensors:")
        return load(other)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", default="9-8+3-7=?")
    parser.add_argument("--tokens", type=int, default=32)
    args = parser.parse_args()
    failures = 0

    def report(name, passed, detail=""):
        nonlocal failures
        failures += not passed
        print(f"{'pass' if passed else 'FAIL'}  {name}{detail and ': ' + detail}")

    model = load(args.folder)
    number = model.config.num_hidden_layers
    if (args.folder / "tokenizer.json").exists():
        ids = torch.tensor([AutoTokenizer.from_pretrained(args.folder)(args.text)["input_ids"]])
    else:
        ids = torch.randint(0, model.config.vocab_size, (1, 8), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        same = torch.equal(model(input_ids=ids).logits, without_module(args.folder, number)(input_ids=ids).logits)
    report("the model's logits are those of the folder without the module", same)

    options = {"attention_mask": torch.ones_like(ids), "max_new_tokens": args.tokens, "do_sample": False}
    options |= {"pad_token_id": model.config.pad_token_id or 0}
    plain = model.generate(ids, **options)
    # transformers knows the module's names of DeepSeek-V3's own depth alone.
    model._keys_to_ignore_on_load_unexpected = [rf"model\.layers\.{number}\..*"]
    drafted = model.generate(ids, **options, use_mtp=True)
    report("drafted by transformers, the greedy tokens are the same", torch.equal(plain, drafted), str(plain[0].tolist()))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
