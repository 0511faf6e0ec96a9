"""Writes src/testing/fixtures/fp8.json: what torch makes of float8_e4m3fn, and transformers of a folder in DeepSeek's FP8 form.

    python reference/python/make_fp8.py

The folder is the fixture deepseek_v3, its matrices quantised by the formula of DeepSeek-V3's report (a block's scale is its
largest size / 448), all else in bfloat16. Without a GPU transformers dequantises as it loads; computed in float32.
"""

import base64
import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM
from transformers.integrations.finegrained_fp8 import Fp8Dequantize

FIXTURES = Path(__file__).parents[2] / "src/testing/fixtures"
FOLDER = FIXTURES / "deepseek_v3"
BLOCK = 128


def digest(tensor):
    return hashlib.sha256(tensor.contiguous().view(torch.uint8).numpy().tobytes()).hexdigest()


def patterns(count):
    return [(i * 2654435761) & 0xFFFFFFFF for i in range(count)]


def floats(bits):
    return torch.tensor(bits, dtype=torch.int64).to(torch.int32).view(torch.float32)


def within_range(bits):
    """The same with an exponent from 2^-15 to 2^9: about what e4m3 holds."""
    return [(b & 0x807FFFFF) | ((112 + ((b >> 23) & 0xFF) % 25) << 23) for b in bits]


def quantize(matrix):
    rows, columns = matrix.shape
    codes = torch.empty(rows, columns, dtype=torch.float8_e4m3fn)
    scales = torch.empty(-(-rows // BLOCK), -(-columns // BLOCK))
    for i in range(scales.shape[0]):
        for j in range(scales.shape[1]):
            at = (slice(i * BLOCK, (i + 1) * BLOCK), slice(j * BLOCK, (j + 1) * BLOCK))
            scales[i, j] = matrix[at].abs().max() / 448
            codes[at] = (matrix[at] / scales[i, j]).to(torch.float8_e4m3fn)
    return codes, scales


def is_quantized(name):
    return name.endswith("proj.weight") or name.endswith("proj_with_mqa.weight")


def main():
    logging.disable(logging.WARNING)
    every = torch.arange(256, dtype=torch.uint8).view(torch.float8_e4m3fn).float()
    bits = patterns(50_000)
    rounded = floats(bits + within_range(bits)).to(torch.float8_e4m3fn)
    matrix = floats(within_range(patterns(256 * 384))).reshape(256, 384)
    codes, scales = quantize(matrix)
    dequantized = Fp8Dequantize(None)._dequantize_one(codes, scales)

    weights = load_file(FOLDER / "model.safetensors")
    stored = {}
    for name, tensor in weights.items():
        if is_quantized(name):
            stored[name], stored[f"{name}_scale_inv"] = quantize(tensor.float())
        else:
            stored[name] = tensor.float() if "correction_bias" in name else tensor.to(torch.bfloat16)
    config = json.loads((FOLDER / "config.json").read_text())
    config["dtype"] = "bfloat16"
    config["quantization_config"] = {
        "activation_scheme": "dynamic",
        "fmt": "e4m3",
        "quant_method": "fp8",
        "weight_block_size": [BLOCK, BLOCK],
    }
    with tempfile.TemporaryDirectory() as folder:
        save_file(stored, Path(folder) / "model.safetensors", metadata={"format": "pt"})
        (Path(folder) / "config.json").write_text(json.dumps(config))
        shutil.copy(FOLDER / "generation_config.json", folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    ids = load_file(FOLDER / "golden.safetensors")["input_ids"][:1]
    with torch.no_grad():
        logits = model(ids).logits[0]
    result = {
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "every_code": digest(every.nan_to_num(nan=0.0)),
        "rounded": digest(rounded),
        "matrix": {"codes": digest(codes), "scales": digest(scales), "dequantized": digest(dequantized)},
        "stored": {name: digest(tensor) for name, tensor in sorted(stored.items()) if tensor.numel() > 0},
        "logits": base64.b64encode(logits.float().numpy().tobytes()).decode(),
    }
    (FIXTURES / "fp8.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"fp8.json by torch {result['torch']}, transformers {result['transformers']}")


main()
