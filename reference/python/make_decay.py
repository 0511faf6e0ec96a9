"""Writes src/testing/fixtures/decay.json: on which parameters transformers' Trainer lets weight decay pull, by config.

    python reference/python/make_decay.py
"""

import json
import logging
from pathlib import Path

import transformers
from transformers import DeepseekV3Config, DeepseekV3ForCausalLM, Trainer

from make_golden import BASE, CONFIGS

TARGET = Path(__file__).parents[2] / "src/testing/fixtures/decay.json"
NAMES = ["tied_shared2_bias_qlora", "all_dense", "half_split_rope"]


def main():
    logging.disable(logging.WARNING)
    cases = {}
    for name in NAMES:
        config = DeepseekV3Config(**{**BASE, **CONFIGS[name]})
        model = DeepseekV3ForCausalLM(config)
        trained = {parameter for parameter, _ in model.named_parameters()}
        cases[name] = {
            "config": {**config.to_dict(), "architectures": ["DeepseekV3ForCausalLM"]},
            # A tied head is the embedding under a second name.
            "decayed": sorted(trained & set(Trainer.get_decay_parameter_names(None, model))),
        }
    TARGET.write_text(json.dumps({"transformers": transformers.__version__, "cases": cases}) + "\n")
    print(f"{len(cases)} cases by transformers {transformers.__version__} in {TARGET}")


main()
