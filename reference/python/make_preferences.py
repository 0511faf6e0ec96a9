"""Writes src/testing/fixtures/preferences.json: losses, gradients and metrics of TRL's DPOTrainer and RewardTrainer on the
fixture checkpoint deepseek_v3, the reward model being DeepseekV3ForSequenceClassification on the same weights.

    python reference/python/make_preferences.py
"""

import json
import logging
from collections import defaultdict
from pathlib import Path

import torch
import transformers
import trl
from accelerate import Accelerator
from transformers import DeepseekV3ForCausalLM, DeepseekV3ForSequenceClassification
from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer

import golden

FIXTURES = Path(__file__).parents[2] / "src/testing/fixtures"
CHECKPOINT = FIXTURES / "deepseek_v3"
TARGET = FIXTURES / "preferences.json"
PAD = 0
PROMPT = 5
# Lengths of chosen and rejected completions.
LENGTHS = [(7, 3), (2, 9), (4, 4)]
DPO = {
    "sigmoid": {"loss_type": ["sigmoid"]},
    "sigmoid_beta": {"loss_type": ["sigmoid"], "beta": 2.0},
    "sigmoid_norm": {"loss_type": ["sigmoid_norm"], "beta": 2.0},
    "robust": {"loss_type": ["robust"], "label_smoothing": 0.2},
    "hinge": {"loss_type": ["hinge"], "beta": 0.5},
    "ipo": {"loss_type": ["ipo"]},
}
REWARD = {
    "plain": {},
    "centered": {"center_rewards_coefficient": 0.01},
}


def trainer_arguments(config, settings):
    return config(output_dir="/tmp/preference_loss_only", use_cpu=True, bf16=False, report_to=[], **settings)


class DpoLossOnly(DPOTrainer):
    """TRL's trainer reduced to its loss: the attributes that __init__ would set, and no data set."""

    def __init__(self, model, settings):
        args = trainer_arguments(DPOConfig, settings)
        self.args, self.model, self.accelerator = args, model.train(), Accelerator(cpu=True)
        self.beta, self.loss_types, self.ld_alpha = args.beta, args.loss_type, args.ld_alpha
        self.loss_weights = args.loss_weights or [1.0] * len(self.loss_types)
        self.label_smoothing, self.f_divergence_type = args.label_smoothing, args.f_divergence_type
        self.f_divergence_type = getattr(args.f_divergence_type, "value", args.f_divergence_type)
        self.use_weighting, self.aux_loss_enabled, self.precompute_ref_logps = args.use_weighting, False, True
        self._total_train_tokens, self._tp_size = 0, 1
        self._metrics = {"train": defaultdict(list), "eval": defaultdict(list)}


class RewardLossOnly(RewardTrainer):
    def __init__(self, model, settings):
        self.args = trainer_arguments(RewardConfig, settings)
        self.model, self.accelerator = model.train(), Accelerator(cpu=True)
        self._total_train_tokens, self._tp_size = 0, 1
        self._metrics = {"train": defaultdict(list), "eval": defaultdict(list)}


def padded(rows):
    longest = max(len(row) for row in rows)
    ids = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def pinned(model, names):
    grads = golden.disk_gradients(model)
    return {name: grads[name].flatten().tolist() for name in names}


def result(trainer, loss, model, names):
    loss.backward()
    metrics = {key: values[-1] for key, values in trainer._metrics["train"].items()}
    return {"loss": loss.item(), "grad_norm": golden.grad_norm(model), "metrics": metrics, "grads": pinned(model, names)}


def main():
    logging.disable(logging.WARNING)
    torch.manual_seed(7)
    model = golden.load_model(CHECKPOINT)
    vocabulary, width = model.config.vocab_size, model.config.hidden_size
    draw = lambda count: torch.randint(1, vocabulary, (count,)).tolist()
    pairs = [{"prompt": draw(PROMPT), "chosen": draw(a), "rejected": draw(b)} for a, b in LENGTHS]
    rows = [pair["prompt"] + pair[side] for side in ("chosen", "rejected") for pair in pairs]
    ids, attention = padded(rows)
    completion = attention.clone()
    completion[:, :PROMPT] = 0
    own = DpoLossOnly(model, DPO["sigmoid"])
    with torch.no_grad():
        logps = torch.log_softmax(model(input_ids=ids, attention_mask=attention).logits[:, :-1], -1)
        sums = (logps.gather(-1, ids[:, 1:, None])[..., 0] * completion[:, 1:]).sum(1)
    # A reference near the model, as it is some steps into a training.
    ref_chosen, ref_rejected = (sums + torch.randn(len(rows))).chunk(2)
    dpo = {}
    last_gate = f"model.layers.{model.config.num_hidden_layers - 1}.mlp.gate.weight"
    for name, settings in DPO.items():
        model.zero_grad()
        own = DpoLossOnly(model, settings)
        inputs = {
            "input_ids": ids,
            "attention_mask": attention,
            "completion_mask": completion,
            "ref_chosen_logps": ref_chosen,
            "ref_rejected_logps": ref_rejected,
        }
        loss = own._compute_loss(model, inputs, False)
        dpo[name] = {"settings": settings, **result(own, loss, model, ["model.norm.weight", last_gate])}

    scorer = DeepseekV3ForSequenceClassification.from_pretrained(
        CHECKPOINT, num_labels=1, pad_token_id=PAD, dtype=torch.float32, attn_implementation="eager"
    )
    with torch.no_grad():
        scorer.score.weight.copy_(torch.randn(1, width))
    score = scorer.score.weight.detach().flatten().tolist()
    reward = {}
    for name, settings in REWARD.items():
        scorer.zero_grad()
        own = RewardLossOnly(scorer, settings)
        loss = own.compute_loss(scorer, {"input_ids": ids, "attention_mask": attention})
        names = ["model.norm.weight", last_gate, "score.weight"]
        reward[name] = {"settings": settings, **result(own, loss, scorer, names)}
    with torch.no_grad():
        grades = scorer(input_ids=ids, attention_mask=attention).logits.flatten().tolist()
    config = {**scorer.config.to_dict(), "architectures": [type(scorer).__name__]}
    assert DeepseekV3ForCausalLM.__name__ in json.loads((CHECKPOINT / "config.json").read_text())["architectures"]
    fixture = {
        "source": f"transformers {transformers.__version__}, trl {trl.__version__}, torch {torch.__version__} CPU float32",
        "pairs": pairs,
        "ref_chosen_logps": ref_chosen.tolist(),
        "ref_rejected_logps": ref_rejected.tolist(),
        "dpo": dpo,
        "config": config,
        "score": score,
        "grades": grades,
        "reward": reward,
    }
    TARGET.write_text(json.dumps(fixture) + "\n")
    for name, one in [*dpo.items(), *reward.items()]:
        print(f"{name}: loss {one['loss']:.6f}, gradient {one['grad_norm']:.6f}")


main()
