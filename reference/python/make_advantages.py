"""Writes src/testing/fixtures/advantages.json: rewards with weights and gaps, and the advantages that TRL computes from them.

TRL has no function for them, so the lines of GRPOTrainer that do it are taken out of its source and run as they are.

    python reference/python/make_advantages.py
"""

import inspect
import json
import math
import random
import textwrap
from pathlib import Path
from types import SimpleNamespace

import torch
import trl
from trl import GRPOTrainer
from trl.trainer import grpo_trainer

TARGET = Path(__file__).parents[2] / "src/testing/fixtures/advantages.json"
FIRST = "num_generations = self.num_generations if mode"
LAST = "advantages = torch.nan_to_num(advantages, nan=0.0)"


def trl_lines() -> str:
    source = textwrap.dedent(inspect.getsource(GRPOTrainer._generate_and_score_completions)).splitlines()
    first = next(i for i, line in enumerate(source) if line.strip().startswith(FIRST))
    last = next(i for i, line in enumerate(source) if line.strip() == LAST)
    return textwrap.dedent("\n".join(source[first : last + 1]))


LINES = trl_lines()


def by_trl(scores, weights, num_generations, scale_rewards, aggregation):
    trainer = SimpleNamespace(
        num_generations=num_generations,
        num_generations_eval=num_generations,
        scale_rewards=scale_rewards,
        multi_objective_aggregation=aggregation,
        reward_weights=torch.tensor(weights, dtype=torch.float64),
        reward_funcs=weights,
    )
    rewards_per_func = torch.tensor(
        [[math.nan if score is None else score for score in row] for row in scores], dtype=torch.float64
    )
    names = dict(vars(grpo_trainer))
    names.update(self=trainer, mode="train", device=torch.device("cpu"), rewards_per_func=rewards_per_func)
    exec(LINES, names)
    return names["advantages"].tolist(), names["is_std_zero"].float().mean().item()


def draw(rng, size):
    """One sample's scores by `size` rewards: shares, zeros and ones, penalties, and gaps."""
    kinds = [lambda: float(rng.randint(0, 1)), lambda: rng.randint(0, 4) / 4, lambda: -rng.random(), lambda: None]
    return [rng.choices(kinds, [4, 3, 2, 2])[0]() for _ in range(size)]


def main():
    rng = random.Random(20)
    cases = []
    kinds = [(scale_rewards, "sum_then_normalize") for scale_rewards in ["group", "batch", "none"]]
    for scale_rewards, aggregation in [*kinds, ("group", "normalize_then_sum")]:
        for num_generations in [2, 3, 4, 8]:
            for weights in [[1.0], [1.0, 0.1], [1.0, 0.5, -0.25], [0.0, 2.0, 1.0, 0.1]]:
                rows = num_generations * 4
                scores = [draw(rng, len(weights)) for _ in range(rows)]
                for i in range(num_generations):  # A group that is all equal, and one for which no reward applies.
                    scores[i] = scores[0]
                    scores[num_generations + i] = [None] * len(weights)
                advantages, frac = by_trl(scores, weights, num_generations, scale_rewards, aggregation)
                cases.append(
                    {
                        "scale_rewards": scale_rewards,
                        "multi_objective_aggregation": aggregation,
                        "num_generations": num_generations,
                        "weights": weights,
                        "scores": scores,
                        "advantages": advantages,
                        "frac_reward_zero_std": frac,
                    }
                )
    TARGET.write_text(json.dumps({"trl": trl.__version__, "cases": cases}) + "\n")
    print(f"{len(cases)} cases by TRL {trl.__version__} in {TARGET}")


if __name__ == "__main__":
    main()
