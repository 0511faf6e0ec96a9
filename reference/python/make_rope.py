"""Writes src/testing/fixtures/rope.json: the angles that transformers turns by, for every kind of RoPE that the engine knows.

    python reference/python/make_rope.py
"""

import json
from pathlib import Path

import transformers
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

TARGET = Path(__file__).parents[2] / "src/testing/fixtures/rope.json"
MAX_POSITIONS = 131072
LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
YARN = {"factor": 4.0, "original_max_position_embeddings": 32768}
# Name, numbers of a head that turn, base, and the rest of rope_parameters.
CASES = [
    ("plain", 64, 10000.0, {"rope_type": "default"}),
    ("plain with a large base", 128, 1e6, {"rope_type": "default"}),
    ("linear", 48, 10000.0, {"rope_type": "linear", "factor": 2.5}),
    ("Llama 3.1", 128, 500000.0, {"rope_type": "llama3", **LLAMA3}),
    ("Llama 3.2", 64, 500000.0, {"rope_type": "llama3", **LLAMA3, "factor": 32.0}),
    (
        "a short llama3",
        8,
        500000.0,
        {"rope_type": "llama3", **LLAMA3, "original_max_position_embeddings": 16},
    ),
    ("Qwen's YaRN", 128, 1e6, {"rope_type": "yarn", **YARN}),
    ("YaRN without rounding", 64, 150000.0, {"rope_type": "yarn", **YARN, "beta_fast": 24.0, "truncate": False}),
    ("YaRN with mscale", 32, 10000.0, {"rope_type": "yarn", **YARN, "mscale": 0.7, "mscale_all_dim": 1.0}),
    ("YaRN with attention_factor", 32, 10000.0, {"rope_type": "yarn", **YARN, "attention_factor": 0.9}),
]

def main():
    cases = []
    for name, dim, theta, parameters in CASES:
        given = {"rope_theta": theta, **parameters}
        config = LlamaConfig(
            head_dim=dim,
            hidden_size=2 * dim,
            num_attention_heads=2,
            max_position_embeddings=MAX_POSITIONS,
            rope_parameters=dict(given),
        )
        kind = parameters["rope_type"]
        compute = LlamaRotaryEmbedding.compute_default_rope_parameters if kind == "default" else ROPE_INIT_FUNCTIONS[kind]
        frequencies, factor = compute(config, "cpu")
        cases.append(
            {
                "name": name,
                "width": dim,
                "config": {"max_position_embeddings": MAX_POSITIONS, "rope_parameters": given},
                "frequencies": [float(f"{x:.9g}") for x in frequencies.tolist()],
                "attentionFactor": factor,
            }
        )
    TARGET.write_text(json.dumps({"transformers": transformers.__version__, "cases": cases}) + "\n")
    print(f"{len(cases)} cases by transformers {transformers.__version__} in {TARGET}")


main()
