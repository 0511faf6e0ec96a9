"""Writes first_steps.json: the first step of an exported job under TRL, with its rollouts, to be taken again elsewhere.

    python make_first_step.py JOB OUT.json --model_name_or_path "$PWD/public/models/base"

What else is given goes to JOB's own train.py, which runs one step of each case on JOB's data with JOB's rewards. The rollouts
are the same in all of them, drawn from one seed by the same weights: of each the file has the ids and the rewards. Of each
case it has TRL's advantages, loss and gradient norm (before clipping).
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

CASES = {
    "grpo": {"loss_type": "grpo"},
    "dapo": {"loss_type": "dapo"},
    "dr_grpo": {"loss_type": "dr_grpo", "scale_rewards": "none"},
    "luspo": {"loss_type": "luspo", "importance_sampling_level": "sequence"},
    "sapo": {"loss_type": "sapo", "sapo_temperature_pos": 0.8, "sapo_temperature_neg": 1.6},
    "vespo": {"loss_type": "vespo"},
    "gdpo": {"loss_type": "grpo", "multi_objective_aggregation": "normalize_then_sum"},
    "top_entropy": {"loss_type": "dapo", "top_entropy_quantile": 0.2},
    "off_policy_mask": {"loss_type": "dapo", "off_policy_mask_threshold": 0.1},
    "entropy_bonus": {"loss_type": "dapo", "top_entropy_quantile": 0.5, "entropy_coef": 0.05},
}
OPTIONS = {
    "beta": 0.0,
    "num_generations": 8,
    "per_device_train_batch_size": 32,
    "gradient_accumulation_steps": 1,
    "steps_per_generation": 1,
    "max_completion_length": 48,
    "max_steps": 1,
    "sync_ref_model": False,
    "eval_strategy": "no",
    "save_strategy": "no",
    "log_completions": False,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", type=Path)
    parser.add_argument("out", type=Path)
    args, others = parser.parse_known_args()
    sys.path.insert(0, str(args.job.resolve()))
    import train

    class Recorded(train.GRPOTrainer):
        """Keeps its generation, in the order in which it was made, and itself."""

        def __init__(self, *positional, **named):
            super().__init__(*positional, **named)
            type(self).last = self

        def _generate_and_score_completions(self, inputs):
            self.generation = super()._generate_and_score_completions(inputs)
            self.asked = inputs
            return dict(self.generation)

    train.GRPOTrainer = Recorded
    cases, rollouts = {}, None
    for name, own in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            given = OPTIONS | own | {"output_dir": folder}
            train.main([*others, *(part for key, value in given.items() for part in (f"--{key}", str(value)))])
        step, drawn = step_of(Recorded.last)
        if drawn != (rollouts := rollouts or drawn):
            raise SystemExit(f"{name} drew other rollouts than the cases before it")
        cases[name] = {"settings": own, **step}
        print(name, cases[name]["loss"], cases[name]["grad_norm"])
    heading = {"source": "trl 1.13.0, transformers 5.17.0, torch 2.13 CPU float32", "settings": OPTIONS}
    args.out.write_text(json.dumps({**heading, "rollouts": rollouts, "cases": cases}, separators=(",", ":")) + "\n")


def step_of(trainer):
    made, logs = trainer.generation, trainer._logs
    unpadded = lambda ids, mask: [row[kept.bool()].tolist() for row, kept in zip(made[ids], made[mask], strict=True)]
    rollouts = [
        {"question": row["question"], "answer": row["answer"], "task": row["task"], "prompt": prompt, "completion": ids}
        for row, prompt, ids in zip(
            trainer.asked,
            unpadded("prompt_ids", "prompt_mask"),
            unpadded("completion_ids", "completion_mask"),
            strict=True,
        )
    ]
    for place, rollout in enumerate(rollouts):
        rollout["rewards"] = {name: values[place] for name, values in logs["rewards"].items()}
    [logged] = [entry for entry in trainer.state.log_history if "loss" in entry]
    step = {name: logged[name] for name in ("loss", "grad_norm", "reward")}
    return {**step, "advantages": list(logs["advantages"])}, rollouts


main()
