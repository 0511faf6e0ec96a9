"""What the originals compute from a checkpoint: transformers' logits and gradients, PyTorch's AdamW, TRL's GRPO losses.

Used by make_golden.py. Nothing here is needed to run or test the project; see requirements.txt for the versions.
"""

import json
from collections import defaultdict
from pathlib import Path

import torch
from accelerate import Accelerator
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM
from trl import GRPOConfig, GRPOTrainer

GROUP_SIZE = 4
MAX_COMPLETION = 12
ADAMW = {"lr": 3e-3, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1}

# TRL settings of each loss that is pinned; what is not named has TRL's default.
VARIANTS = {
    "grpo": {"loss_type": "grpo", "beta": 0.0},
    "grpo_kl": {"loss_type": "grpo", "beta": 0.04, "use_bias_correction_kl": False},
    "grpo_kl_corrected": {"loss_type": "grpo", "beta": 0.04, "use_bias_correction_kl": True},
    "dapo": {"loss_type": "dapo", "epsilon": 0.2, "epsilon_high": 0.28},
    "bnpo": {"loss_type": "bnpo"},
    "dr_grpo": {"loss_type": "dr_grpo"},
    "cispo": {"loss_type": "cispo", "epsilon_high": 5.0},
    "gspo": {
        "loss_type": "grpo",
        "importance_sampling_level": "sequence",
        "epsilon": 0.03,
        "epsilon_high": 0.04,
    },
    "delta": {"loss_type": "grpo", "delta": 1.5},
    "temperature": {"loss_type": "grpo", "temperature": 0.7, "beta": 0.04, "use_bias_correction_kl": False},
    "entropy": {"loss_type": "grpo", "entropy_coef": 0.01},
    "luspo": {
        "loss_type": "luspo",
        "importance_sampling_level": "sequence",
        "epsilon": 0.03,
        "epsilon_high": 0.04,
    },
    "sapo": {"loss_type": "sapo"},
    "sapo_temperatures": {"loss_type": "sapo", "sapo_temperature_pos": 0.8, "sapo_temperature_neg": 1.6},
    "vespo": {"loss_type": "vespo"},
    "vespo_shaped": {
        "loss_type": "vespo",
        "vespo_k_pos": 1.5,
        "vespo_lambda_pos": 1.0,
        "vespo_k_neg": 2.0,
        "vespo_lambda_neg": 4.0,
        "beta": 0.04,
    },
    "off_policy_mask": {"loss_type": "grpo", "off_policy_mask_threshold": 0.02, "beta": 0.04},
    "top_entropy": {"loss_type": "dapo", "top_entropy_quantile": 0.2, "entropy_coef": 0.01, "beta": 0.04},
    "top_entropy_sequence": {
        "loss_type": "luspo",
        "importance_sampling_level": "sequence",
        "top_entropy_quantile": 0.55,
        "epsilon": 0.03,
        "epsilon_high": 0.04,
    },
    "top_entropy_one": {"loss_type": "grpo", "top_entropy_quantile": 0.0},
}
VARIANTS_WITH_GRADS = ("grpo", "grpo_kl", "cispo", "gspo")


def load_model(folder):
    """The checkpoint in float32 with the plainest attention there is."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")


def disk_gradients(model):
    """Gradients under the names on disk: the fused expert tensors are cut into one set an expert."""
    grads = {}
    for name, parameter in model.named_parameters():
        grad = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        prefix, _, kind = name.rpartition(".")
        if kind == "gate_up_proj":
            for expert, piece in enumerate(grad):
                gate, up = piece.chunk(2)
                grads[f"{prefix}.{expert}.gate_proj.weight"] = gate.clone()
                grads[f"{prefix}.{expert}.up_proj.weight"] = up.clone()
        elif kind == "down_proj":
            for expert, piece in enumerate(grad):
                grads[f"{prefix}.{expert}.down_proj.weight"] = piece.clone()
        else:
            grads[name] = grad.clone()
    return grads


def grad_norm(model):
    return torch.nn.utils.clip_grad_norm_(model.parameters(), float("inf")).item()


def mean_cross_entropy(logits, ids):
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())


def forward_backward(model, ids):
    model.zero_grad()
    logits = model(input_ids=ids).logits
    loss = mean_cross_entropy(logits, ids)
    loss.backward()
    return {"logits": logits.detach(), "loss": loss.item(), "grads": disk_gradients(model)}


def greedy(model, prompt, length=12):
    """Argmax continuation by whole forwards; an end token does not end it."""
    ids = list(prompt)
    for _ in range(length):
        with torch.no_grad():
            ids.append(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax().item())
    return ids[len(prompt) :]


def adamw(folder, ids):
    """Loss before each of ten steps and gradient norm before clipping at 1; weight decay on every tensor."""
    model = load_model(folder)
    optimizer = torch.optim.AdamW(model.parameters(), **{**ADAMW, "betas": tuple(ADAMW["betas"])})
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = mean_cross_entropy(model(input_ids=ids).logits, ids)
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
    return {
        **ADAMW,
        "clip_grad_norm": 1.0,
        "weight_decay_on": "every tensor",
        "losses": losses,
        "grad_norms": norms,
    }


class LossOnly(GRPOTrainer):
    """TRL's trainer reduced to its loss: the attributes that GRPOTrainer.__init__ would set, and no data set."""

    def __init__(self, model, settings):
        args = GRPOConfig(
            output_dir="/tmp/grpo_loss_only",
            use_cpu=True,
            bf16=False,
            report_to=[],
            num_generations=GROUP_SIZE,
            max_completion_length=MAX_COMPLETION,
            **{"per_device_train_batch_size": 2 * GROUP_SIZE, **settings},
        )
        self.args = args
        self.model = model.train()
        self.accelerator = Accelerator(cpu=True)
        self.model_kwarg_keys = {"logits_to_keep"}
        self.temperature = args.temperature
        self.beta = args.beta
        self.loss_type = args.loss_type
        self.importance_sampling_level = args.importance_sampling_level
        self.epsilon_low = args.epsilon
        self.epsilon_high = args.epsilon if args.epsilon_high is None else args.epsilon_high
        self.max_completion_length = args.max_completion_length
        self.top_entropy_quantile = args.top_entropy_quantile
        self.off_policy_mask_threshold = args.off_policy_mask_threshold
        self.entropy_coef = args.entropy_coef
        self._entropy_bonus_enabled = args.entropy_coef != 0.0
        self._entropy_bonus_enabled |= args.use_adaptive_entropy
        self.use_adaptive_entropy = args.use_adaptive_entropy
        self._last_world_entropy = float("inf")
        self._entropy_window_stats = None
        self.aux_loss_enabled = False
        self.use_vllm = False
        self.use_liger_kernel = False
        self.current_gradient_accumulation_steps = 1
        self._metrics = {"train": defaultdict(list), "eval": defaultdict(list)}


def advantages_of(rewards):
    """TRL's: against the group's mean, over its standard deviation (ddof 1) + 1e-4."""
    groups = rewards.view(-1, GROUP_SIZE)
    mean = groups.mean(1).repeat_interleave(GROUP_SIZE)
    std = groups.std(1).repeat_interleave(GROUP_SIZE)
    return (rewards - mean) / (std + 1e-4)


def own_logps(model, rollouts, settings=VARIANTS["grpo"]):
    """Log-probability and entropy of every completion token under the model itself."""
    with torch.no_grad():
        logps, entropies, _ = LossOnly(model, settings)._get_per_token_logps_and_entropies(
            model, *joined(rollouts), rollouts["completion_ids"].size(1), compute_entropy=True
        )
    return logps, entropies


def joined(rollouts):
    """Token ids and an attention mask of ones: positions past a completion are computed too; they never count."""
    ids = torch.cat([rollouts["prompt_ids"], rollouts["completion_ids"]], 1)
    return ids, torch.ones_like(ids)


def grpo_variant(model, settings, rollouts):
    trainer = LossOnly(model, settings)
    model.zero_grad()
    mask = rollouts["completion_mask"]
    loss = trainer._compute_loss(
        model,
        {
            "prompt_ids": rollouts["prompt_ids"],
            "prompt_mask": torch.ones_like(rollouts["prompt_ids"]),
            "completion_ids": rollouts["completion_ids"],
            "completion_mask": mask,
            "advantages": rollouts["advantages"],
            "old_per_token_logps": rollouts["old_logps"],
            "ref_per_token_logps": rollouts["ref_logps"],
            "num_items_in_batch": mask.sum(),
        },
    )
    loss.backward()
    metrics = {key: values[-1] for key, values in trainer._metrics["train"].items()}
    return {"loss": loss.item(), "grad_norm": grad_norm(model), "metrics": metrics, "grads": disk_gradients(model)}


def pinned_grads(model):
    """Three tensors whose GRPO gradients are kept: both ends of the model and its last router (or last dense layer)."""
    config = model.config
    last = f"model.layers.{config.num_hidden_layers - 1}.mlp."
    routed = config.first_k_dense_replace < config.num_hidden_layers
    head = "model.norm.weight" if config.tie_word_embeddings else "lm_head.weight"
    return [head, "model.embed_tokens.weight", last + ("gate.weight" if routed else "down_proj.weight")]


def compute(folder, ids, prompt, rollouts):
    """(golden.json without its heading, golden.safetensors) of a checkpoint folder."""
    model = load_model(folder)
    base = forward_backward(model, ids)
    logps, entropies = own_logps(model, rollouts)
    tensors = {"input_ids": ids, "logits": base["logits"], "grpo.logps": logps, "grpo.entropies": entropies}
    tensors |= {f"grad.{name}": grad for name, grad in base["grads"].items()}
    tensors |= {f"grpo.{name}": value for name, value in rollouts.items()}
    variants = {}
    for name, settings in VARIANTS.items():
        result = grpo_variant(model, settings, rollouts)
        if name in VARIANTS_WITH_GRADS:
            tensors |= {f"grpo.{name}.grad.{tensor}": result["grads"][tensor] for tensor in pinned_grads(model)}
        variants[name] = {"settings": settings, **{key: result[key] for key in ("loss", "grad_norm", "metrics")}}
    golden = {
        "loss": base["loss"],
        "greedy": {"prompt": prompt, "continuation": greedy(model.eval(), prompt)},
        "adamw": adamw(folder, ids),
        "grpo": {
            "max_completion_length": MAX_COMPLETION,
            "note": "attention over prompt+completion with no padding inside; "
            "completion tokens past the mask are id 0 and masked out of the loss",
            "variants": variants,
        },
    }
    return golden, tensors


def write(folder, heading, golden, tensors):
    folder = Path(folder)
    (folder / "golden.json").write_text(json.dumps({**heading, **golden}, indent=1))
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "golden.safetensors")


def read(folder):
    folder = Path(folder)
    return json.loads((folder / "golden.json").read_text()), load_file(folder / "golden.safetensors")


ROLLOUT_KEYS = ("prompt_ids", "completion_ids", "completion_mask", "rewards", "advantages", "old_logps", "ref_logps")


def renew(folder):
    """Adds the variants that a folder's golden.json has not to it; what it has stays as it is."""
    golden, tensors = read(folder)
    rollouts = rollouts_of(tensors)
    variants = golden["grpo"]["variants"]
    for name in [name for name in VARIANTS if name not in variants]:
        result = grpo_variant(load_model(folder), VARIANTS[name], rollouts)
        variants[name] = {"settings": VARIANTS[name], **{key: result[key] for key in ("loss", "grad_norm", "metrics")}}
        print(f"{folder}: {name}, loss {result['loss']:.4f}")
    (Path(folder) / "golden.json").write_text(json.dumps(golden, indent=1))


def rollouts_of(tensors):
    return {key: tensors[f"grpo.{key}"] for key in ROLLOUT_KEYS}


def recompute(folder):
    """The golden of a folder, computed again from its own inputs."""
    golden, tensors = read(folder)
    rollouts = rollouts_of(tensors)
    return compute(folder, tensors["input_ids"], golden["greedy"]["prompt"], rollouts)
