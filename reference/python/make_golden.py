"""Makes a fixture folder: a tiny random checkpoint of the deepseek_v3 family and what the originals compute from it.

    python make_golden.py OUT --variant NAME [--seed N]    make OUT (NAME `all`: OUT/<name> for every one)
    python make_golden.py DIR --check                      compute a folder's golden again and compare
    python make_golden.py DIR --renew                      add the losses that a folder's golden.json lacks

The form of a folder is told in src/testing/fixtures/README.md.
"""

import argparse
import logging
import sys
from pathlib import Path

import torch
from transformers import DeepseekV3Config, DeepseekV3ForCausalLM

import golden

BASE = {
    "vocab_size": 67,
    "hidden_size": 32,
    "intermediate_size": 48,
    "moe_intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "n_shared_experts": 1,
    "n_routed_experts": 8,
    "num_experts_per_tok": 2,
    "routed_scaling_factor": 2.5,
    "kv_lora_rank": 16,
    "q_lora_rank": None,
    "qk_rope_head_dim": 4,
    "qk_nope_head_dim": 8,
    "v_head_dim": 8,
    "n_group": 2,
    "topk_group": 1,
    "first_k_dense_replace": 1,
    "max_position_embeddings": 64,
    "initializer_range": 0.15,
    "rms_norm_eps": 1e-6,
    "num_mtp_layers": 0,
    "scoring_func": "sigmoid",
    "topk_method": "noaux_tc",
    "moe_layer_freq": 1,
}
ODD = {
    "hidden_size": 36,
    "vocab_size": 61,
    "intermediate_size": 44,
    "moe_intermediate_size": 20,
    "num_attention_heads": 3,
    "num_key_value_heads": 3,
    "qk_nope_head_dim": 6,
    "qk_rope_head_dim": 2,
    "v_head_dim": 10,
    "kv_lora_rank": 14,
    "num_hidden_layers": 3,
    "n_routed_experts": 6,
    "n_group": 3,
    "topk_group": 2,
    "num_experts_per_tok": 3,
}
# Sizes at which YaRN's ramp falls on several frequencies, so that its ends are seen in the logits.
YARN = {"rope_type": "yarn", "rope_theta": 50.0, "factor": 8.0, "original_max_position_embeddings": 256}
YARN_SIZES = {"qk_rope_head_dim": 12, "max_position_embeddings": 2048}

# Each differs from BASE in the keys given; `selection_bias` is (mean, spread) of e_score_correction_bias.
CONFIGS = {
    "tied_shared2_bias": {"tie_word_embeddings": True, "n_shared_experts": 2, "attention_bias": True},
    "tied_shared2_bias_qlora": {
        "tie_word_embeddings": True,
        "n_shared_experts": 2,
        "attention_bias": True,
        "q_lora_rank": 10,
    },
    "half_split_rope": {"rope_interleave": False},
    "half_split_yarn": {
        **YARN_SIZES,
        "rope_interleave": False,
        "rope_parameters": {**YARN, "mscale": 1.0, "mscale_all_dim": 0.7},
    },
    "ungrouped": {"n_group": 1, "topk_group": 1},
    "all_dense": {"first_k_dense_replace": 2},
    "all_moe": {"first_k_dense_replace": 0, "n_group": 4, "topk_group": 2, "num_experts_per_tok": 3},
    "negative_bias": {"selection_bias": (-1.5, 0.3), "n_group": 4, "topk_group": 2, "num_experts_per_tok": 3},
    "unnormalised_topk": {"norm_topk_prob": False, "routed_scaling_factor": 1.3},
    "plain_yarn": {**YARN_SIZES, "q_lora_rank": 12, "rope_parameters": YARN},
    "untruncated_yarn": {**YARN_SIZES, "q_lora_rank": 12, "rope_parameters": {**YARN, "truncate": False}},
    "yarn_betas": {**YARN_SIZES, "rope_parameters": {**YARN, "beta_fast": 8, "beta_slow": 2}},
    "yarn_attention_factor": {
        **YARN_SIZES,
        "rope_parameters": {**YARN, "attention_factor": 0.8, "mscale_all_dim": 0.5},
    },
    "odd_sizes": ODD,
    "odd_sizes_tied": {**ODD, "tie_word_embeddings": True, "q_lora_rank": 7, "attention_bias": True},
    "one_expert_chosen": {"num_experts_per_tok": 1, "norm_topk_prob": False},
    "one_expert_normalised": {"num_experts_per_tok": 1},
    "larger_eps": {"rms_norm_eps": 1e-3, "q_lora_rank": 12},
    "no_shared": {"n_shared_experts": 0},
}

# A decision closer than this could fall otherwise in another order of summation: such a seed is passed over.
CLOSEST_DECISION = 2e-5


def random_model(settings, seed):
    settings = {**BASE, **settings}
    mean, spread = settings.pop("selection_bias", (0.0, 0.1))
    torch.manual_seed(seed)
    config = DeepseekV3Config(**settings)
    config._attn_implementation = "eager"
    model = DeepseekV3ForCausalLM(config)
    for name, parameter in model.named_parameters():
        # Norm weights of exactly 1 and biases of exactly 0 would hide mistakes.
        if name.endswith("norm.weight"):
            torch.nn.init.normal_(parameter, 1.0, 0.1)
        elif name.endswith("bias"):
            torch.nn.init.normal_(parameter, 0.0, 0.1)
        else:
            torch.nn.init.normal_(parameter, 0.0, config.initializer_range)
    for name, buffer in model.named_buffers():
        if name.endswith("e_score_correction_bias"):
            torch.nn.init.normal_(buffer, mean, spread)
    return model


def random_rollouts(folder, vocab):
    """Two groups of four completions of unequal length, unequal rewards, a nearby old and reference policy."""
    size = 2 * golden.GROUP_SIZE
    prompts = torch.randint(0, vocab, (2, 6)).repeat_interleave(golden.GROUP_SIZE, 0)
    lengths = torch.randint(3, golden.MAX_COMPLETION + 1, (size,))
    lengths[0] = golden.MAX_COMPLETION
    mask = (torch.arange(golden.MAX_COMPLETION)[None] < lengths[:, None]).long()
    rewards = torch.tensor([1.0, 0.0, 0.1, 1.1, 0.0, 0.0, 1.0, 0.1]) + 0.01 * torch.arange(size)
    rollouts = {
        "prompt_ids": prompts,
        "completion_ids": torch.randint(1, vocab, (size, golden.MAX_COMPLETION)) * mask,
        "completion_mask": mask,
        "rewards": rewards,
        "advantages": golden.advantages_of(rewards),
    }
    logps, _ = golden.own_logps(golden.load_model(folder), rollouts)
    rollouts["old_logps"] = logps + 0.2 * torch.randn_like(logps)
    rollouts["ref_logps"] = logps + 0.25 * torch.randn_like(logps)
    return rollouts


class ClosestDecision:
    """Watches every router for the smallest margin between an expert (or group) that is kept and one that is not."""

    def __init__(self):
        self.margin = float("inf")

    def __enter__(self):
        self.handle = torch.nn.modules.module.register_module_forward_hook(self.see)
        return self

    def __exit__(self, *_):
        self.handle.remove()

    def see(self, router, _inputs, output):
        if type(router).__name__ != "DeepseekV3TopkRouter":
            return
        logits = output[0]
        choice = logits.sigmoid().detach() + router.e_score_correction_bias
        groups = choice.view(len(choice), router.num_group, -1)
        scores = groups.topk(2)[0].sum(-1)
        self.see_top(scores, router.topk_group)
        kept = torch.zeros_like(scores).scatter_(1, scores.topk(router.topk_group)[1], 1).bool()
        self.see_top(groups.masked_fill(~kept[..., None], float("-inf")).flatten(1), router.top_k)

    def see_top(self, scores, count):
        if count < scores.shape[-1]:
            best = scores.sort(descending=True)[0]
            gap = (best[:, count - 1] - best[:, count]).min().item()
            self.margin = min(self.margin, gap)


def closest_argmax(folder, greedy):
    """Smallest lead of the likeliest token over the next along the greedy continuation."""
    ids = torch.tensor([greedy["prompt"] + greedy["continuation"]])
    with torch.no_grad():
        best = golden.load_model(folder)(input_ids=ids).logits[0, len(greedy["prompt"]) - 1 : -1].topk(2)[0]
    return (best[:, 0] - best[:, 1]).min().item()


def make(out, variant, first_seed):
    out = Path(out)
    for seed in range(first_seed, first_seed + 50):
        model = random_model(CONFIGS[variant], seed)
        model.save_pretrained(out)
        vocab = model.config.vocab_size
        ids = torch.randint(0, vocab, (2, 24))
        prompt = torch.randint(0, vocab, (8,)).tolist()
        with ClosestDecision() as decisions:
            result, tensors = golden.compute(out, ids, prompt, random_rollouts(out, vocab))
        if decisions.margin > CLOSEST_DECISION and closest_argmax(out, result["greedy"]) > 1e-3:
            break
    heading = {"case": variant, "seed": seed, "source": "transformers 5.17.0, trl 1.13.0, torch 2.13 CPU float32"}
    golden.write(out, heading, result, tensors)
    print(f"{out}: {variant}, seed {seed}, loss {result['loss']:.4f}, closest routing decision {decisions.margin:.1e}")


def check(folder):
    """Prints the largest differences between a folder's golden and the same computed again; true if within 1e-6."""
    expected, expected_tensors = golden.read(folder)
    found, found_tensors = golden.recompute(folder)
    differences = {
        name: (tensor.double() - found_tensors[name].double()).abs().max().item()
        for name, tensor in expected_tensors.items()
        if tensor.numel() > 0
    }

    def compare(path, a, b):
        if isinstance(a, dict):
            for key in a:
                compare(f"{path}.{key}", a[key], b[key])
        elif isinstance(a, list):
            for index, (x, y) in enumerate(zip(a, b, strict=True)):
                compare(f"{path}[{index}]", x, y)
        elif isinstance(a, str | bool):
            differences[path] = float(a != b)
        else:
            differences[path] = abs(a - b) / max(1.0, abs(a))

    compare("", {key: expected[key] for key in found}, found)
    for name, difference in sorted(differences.items(), key=lambda item: -item[1])[:5]:
        print(f"{difference:.2e}  {name}")
    worst = max(differences.values())
    print(f"{folder}: {len(differences)} values, worst difference {worst:.2e}, {'pass' if worst <= 1e-6 else 'FAIL'}")
    return worst <= 1e-6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--variant", choices=[*CONFIGS, "all"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--renew", action="store_true")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    if args.check:
        sys.exit(0 if check(args.folder) else 1)
    if args.renew:
        golden.renew(args.folder)
        return
    if args.variant is None:
        parser.error("--variant, --check or --renew is needed")
    if args.variant == "all":
        for variant in CONFIGS:
            make(Path(args.folder) / variant, variant, args.seed)
    else:
        make(args.folder, args.variant, args.seed)


if __name__ == "__main__":
    main()
