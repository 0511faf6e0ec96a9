"""Writes mini_batches.json and mini_batches.safetensors into a golden folder: whole generations as TRL trains on them.

    python make_mini_batches.py DIR

TRL's own `_prepare_inputs` shuffles the golden rollouts and cuts them, its `_compute_loss` gives each loss, transformers says
which weights decay and PyTorch's AdamW moves them. The order in which TRL took the rollouts is written down, so that who has
other random numbers can follow. The form is told in src/testing/fixtures/README.md.
"""

import argparse
import copy
import json
import logging
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import Trainer, get_scheduler
from trl.trainer.callbacks import SyncRefModelCallback

import golden
from make_golden import CLOSEST_DECISION, ClosestDecision

NUM_ROLLOUTS = 2 * golden.GROUP_SIZE
LEARNING_RATE = golden.ADAMW["lr"]

LOSS_TYPES = {
    "grpo": {},
    "dapo": {"epsilon_high": 0.28},
    "bnpo": {},
    "dr_grpo": {},
    "cispo": {"epsilon_high": 1.1},
}
CASES = {
    f"{loss_type}_{parts}": {"loss_type": loss_type, "steps_per_generation": parts, **settings}
    for loss_type, settings in LOSS_TYPES.items()
    for parts in (2, 4)
} | {
    "delta_1.05": {"loss_type": "dapo", "steps_per_generation": 2, "delta": 1.05},
    "delta_1.1": {"loss_type": "dapo", "steps_per_generation": 4, "delta": 1.1},
    "delta_1.05_grpo": {"loss_type": "grpo", "steps_per_generation": 4, "delta": 1.05},
    "delta_1.1_grpo": {"loss_type": "grpo", "steps_per_generation": 2, "delta": 1.1},
    "gspo": {
        "loss_type": "grpo",
        "importance_sampling_level": "sequence",
        "epsilon": 0.03,
        "epsilon_high": 0.04,
        "steps_per_generation": 4,
    },
    "sequence_dapo": {"loss_type": "dapo", "importance_sampling_level": "sequence", "steps_per_generation": 2},
    "entropy": {"loss_type": "dapo", "entropy_coef": 0.05, "steps_per_generation": 2},
    # The reference moves after the third of four steps on the generation.
    "synced_reference": {
        "loss_type": "dapo",
        "beta": 0.2,
        "steps_per_generation": 2,
        "sync_ref_model": True,
        "ref_model_sync_steps": 3,
        "ref_model_mixup_alpha": 0.9,
    },
    "uncorrected_kl": {"loss_type": "grpo", "beta": 0.2, "use_bias_correction_kl": False, "steps_per_generation": 4},
    "stopped": {"loss_type": "dapo", "steps_per_generation": 2, "max_steps": 3},
    "masked": {"loss_type": "dapo", "steps_per_generation": 4, "masked": [1, 2, 5, 6]},
    "masked_grpo": {"loss_type": "grpo", "steps_per_generation": 4, "masked": [1, 2, 5, 6]},
    "sapo": {"loss_type": "sapo", "sapo_temperature_pos": 0.8, "sapo_temperature_neg": 1.6, "steps_per_generation": 2},
    "vespo": {"loss_type": "vespo", "beta": 0.2, "steps_per_generation": 2},
    "vespo_masked": {"loss_type": "vespo", "vespo_k_neg": 1.5, "steps_per_generation": 4, "masked": [1, 2, 5, 6]},
    "off_policy_mask": {"loss_type": "dapo", "off_policy_mask_threshold": 0.02, "beta": 0.2, "steps_per_generation": 2},
    "top_entropy": {"loss_type": "dapo", "top_entropy_quantile": 0.3, "entropy_coef": 0.05, "steps_per_generation": 2},
    "top_entropy_masked": {
        "loss_type": "grpo",
        "top_entropy_quantile": 0.5,
        "steps_per_generation": 4,
        "masked": [1, 2, 5, 6],
    },
    # A target between the entropies of the mini-batches, so that the coefficient goes both ways.
    "adaptive_entropy": {
        "loss_type": "dapo",
        "use_adaptive_entropy": True,
        "entropy_coef": 0.05,
        "entropy_coef_delta": 0.02,
        "entropy_coef_min": 0.03,
        "entropy_coef_max": 0.08,
        "entropy_target": 3.87,
        "steps_per_generation": 4,
    },
}
NUM_ITERATIONS = 2


class MiniBatches(golden.LossOnly):
    """TRL's trainer from the cutting of a generation to its losses; the generation is given."""

    def __init__(self, model, settings, generation):
        parts = settings["steps_per_generation"]
        super().__init__(
            model,
            settings | {"num_iterations": NUM_ITERATIONS, "per_device_train_batch_size": NUM_ROLLOUTS // parts},
        )
        self.num_iterations = self.args.num_iterations
        self._step = 0
        self._buffered_inputs = None
        self.generation = generation
        # How near a ratio came to where it is cut off.
        self.margin = float("inf")

    def _generate_and_score_completions(self, inputs):
        return self.generation

    def watch_ratios(self, logps, inputs):
        difference = (logps - inputs["old_per_token_logps"]) * inputs["completion_mask"]
        if self.importance_sampling_level == "sequence":
            difference = difference.sum(-1) / inputs["completion_mask"].sum(-1).clamp(min=1)
        ratio = difference.exp()
        cuts = [1 - self.epsilon_low, 1 + self.epsilon_high, self.epsilon_high, self.args.delta or 1e9]
        self.margin = min([self.margin, *((ratio - cut).abs().min().item() for cut in cuts)])
        self.watch_masks(difference, inputs["completion_mask"])

    def watch_masks(self, difference, mask):
        count = mask.sum(-1).clamp(min=1)
        if self.off_policy_mask_threshold is not None:
            means = -difference.sum(-1) / count
            self.margin = min(self.margin, (means - self.off_policy_mask_threshold).abs().min().item())
        entropies = self.entropies[mask.bool()].sort().values
        if self.top_entropy_quantile < 1 and len(entropies) > 0:
            # Of two tokens between which the cut falls, the distance.
            kept = entropies >= torch.quantile(entropies, 1 - self.top_entropy_quantile)
            self.margin = min(self.margin, (entropies[kept][0] - entropies[~kept][-1]).item())
        if self.use_adaptive_entropy:
            self.margin = min(self.margin, abs(entropies.mean().item() - self.args.entropy_target))

    def _get_per_token_logps_and_entropies(self, model, input_ids, *args, **kwargs):
        result = super()._get_per_token_logps_and_entropies(model, input_ids, *args, **kwargs)
        self.logps = result[0].detach()
        if result[1] is not None:
            self.entropies = result[1].detach()
        return result


def optimizer_for(model):
    """As Trainer.create_optimizer groups the parameters."""
    decayed = set(Trainer.get_decay_parameter_names(None, model))
    named = list(model.named_parameters())
    groups = [
        {"params": [p for name, p in named if name in decayed], "weight_decay": golden.ADAMW["weight_decay"]},
        {"params": [p for name, p in named if name not in decayed], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=tuple(golden.ADAMW["betas"]), eps=golden.ADAMW["eps"])


def generation_of(rollouts, masked):
    mask = rollouts["completion_mask"].clone()
    mask[masked] = 0
    return {
        "prompt_ids": rollouts["prompt_ids"],
        "prompt_mask": torch.ones_like(rollouts["prompt_ids"]),
        "completion_ids": rollouts["completion_ids"],
        "completion_mask": mask,
        "advantages": rollouts["advantages"],
        "old_per_token_logps": rollouts["old_logps"],
        "num_items_in_batch": mask.sum(),
        "index": torch.arange(NUM_ROLLOUTS),
    }


def train(folder, rollouts, case, seed):
    """One generation; what each optimizer step found, and the model after them."""
    case = dict(case)
    masked = case.pop("masked", [])
    model = golden.load_model(folder)
    generation = generation_of(rollouts, masked)
    trainer = MiniBatches(model, case, generation)
    args = trainer.args
    reference = copy.deepcopy(model).eval() if args.beta > 0 else None
    if reference is not None:
        ids, ones = golden.joined(rollouts)
        with torch.no_grad():
            generation["ref_per_token_logps"], _, _ = trainer._get_per_token_logps_and_entropies(
                reference, ids, ones, rollouts["completion_ids"].size(1)
            )
    # The generation is the last of the run where a case says when it stops.
    full = NUM_ITERATIONS * args.steps_per_generation
    total = args.max_steps if args.max_steps > 0 else full
    optimizer = optimizer_for(model)
    scheduler = get_scheduler("linear", optimizer, num_warmup_steps=0, num_training_steps=total)
    torch.manual_seed(seed)
    steps, order = [], []
    for step in range(total):
        inputs = trainer._prepare_inputs(None)
        trainer._step += 1
        if step < args.steps_per_generation:
            order.append(inputs["index"].tolist())
        rate = scheduler.get_last_lr()[0]
        optimizer.zero_grad()
        loss = trainer._compute_loss(model, inputs)
        trainer.watch_ratios(trainer.logps, inputs)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        optimizer.step()
        scheduler.step()
        if args.sync_ref_model and (step + 1) % args.ref_model_sync_steps == 0:
            SyncRefModelCallback._sync_target_model(model, reference, args.ref_model_mixup_alpha)
        metrics = {key: values[-1] for key, values in trainer._metrics["train"].items()}
        trainer._metrics["train"].clear()
        metrics = {key: value for key, value in metrics.items() if value == value}
        steps.append({"loss": loss.item(), "grad_norm": norm, "learning_rate": rate, "metrics": metrics})
    return {"masked": masked, "order": order, "steps": steps}, model, trainer.margin


def train_without_ties(folder, rollouts, case, first_seed):
    """In an order of the rollouts in which no decision is so close that another order of summation could turn it."""
    for seed in range(first_seed, first_seed + 2000, 100):
        with ClosestDecision() as decisions:
            result, model, margin = train(folder, rollouts, case, seed)
        if min(decisions.margin, margin) > CLOSEST_DECISION:
            break
    return result, model


def pinned(model):
    """Tensors whose weights are kept: one that decays not, a router (or dense layer), an attention's latent projection."""
    _, _, router = golden.pinned_grads(model)
    return ["model.norm.weight", router, "model.layers.1.self_attn.kv_a_proj_with_mqa.weight"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    _, tensors = golden.read(args.folder)
    rollouts = {key: tensors[f"grpo.{key}"] for key in golden.ROLLOUT_KEYS}
    cases, weights = {}, {}
    for seed, (name, case) in enumerate(CASES.items()):
        result, model = train_without_ties(args.folder, rollouts, case, seed)
        settings = {key: value for key, value in case.items() if key != "masked"}
        total = len(result["steps"])
        cases[name] = {"settings": {"num_iterations": NUM_ITERATIONS, "max_steps": total, **settings}, **result}
        state = model.state_dict()
        weights |= {f"{name}.{tensor}": state[tensor].contiguous() for tensor in pinned(model)}
        print(name, [f"{step['loss']:.7f}" for step in result["steps"]])
    heading = {
        "source": "transformers 5.17.0, trl 1.13.0, torch 2.13 CPU float32",
        "adamw": {**golden.ADAMW, "clip_grad_norm": 1.0, "lr_scheduler_type": "linear"},
        "max_completion_length": golden.MAX_COMPLETION,
        "decayed": sorted(Trainer.get_decay_parameter_names(None, golden.load_model(args.folder))),
    }
    (args.folder / "mini_batches.json").write_text(json.dumps({**heading, "cases": cases}, indent=1) + "\n")
    save_file(weights, args.folder / "mini_batches.safetensors")


main()
