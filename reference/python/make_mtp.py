"""Makes the fixture of multi-token prediction: a tiny random checkpoint with a module of depth one, its loss and gradients.

    python make_mtp.py OUT [--seed N]

The equations of DeepSeek-V3 (arXiv 2412.19437, section 2.2) in plain PyTorch around transformers' own decoder layer:

    x_i = M [RMSNorm(Emb(t_{i+1})) ; RMSNorm(h_i)]      the embedding first, as in the released weights
    h'_i = TRM(x)_i,  P(t_{i+2}) = Head(RMSNorm(h'_i))  h_i is what the model's last norm gives
    L = L_main + lambda * L_mtp                         both divided by the number of tokens that L_main predicts

The form of the folder is told in src/testing/fixtures/README.md.
"""

import argparse
import json
from pathlib import Path

import torch
from make_golden import CLOSEST_DECISION, ClosestDecision, random_model
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3DecoderLayer, DeepseekV3RMSNorm

import golden

SETTINGS = {
    "vocab_size": 43,
    "hidden_size": 20,
    "intermediate_size": 28,
    "moe_intermediate_size": 12,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "kv_lora_rank": 10,
    "n_routed_experts": 4,
    "num_mtp_layers": 1,
}
LAMBDA = 0.3


def add_module(model):
    """A module after the last layer, under the names that DeepSeek's checkpoints have."""
    config = model.config
    layer = DeepseekV3DecoderLayer(config, config.num_hidden_layers)
    width = config.hidden_size
    layer.enorm = DeepseekV3RMSNorm(width, config.rms_norm_eps)
    layer.hnorm = DeepseekV3RMSNorm(width, config.rms_norm_eps)
    layer.eh_proj = torch.nn.Linear(2 * width, width, bias=False)
    layer.shared_head = torch.nn.Module()
    layer.shared_head.norm = DeepseekV3RMSNorm(width, config.rms_norm_eps)
    for name, parameter in layer.named_parameters():
        mean, spread = (1.0, 0.1) if name.endswith("norm.weight") else (0.0, config.initializer_range)
        torch.nn.init.normal_(parameter, mean, spread)
    torch.nn.init.normal_(layer.mlp.gate.e_score_correction_bias, 0.0, 0.1)
    # transformers runs the first num_hidden_layers and saves all.
    model.model.layers.append(layer)
    return layer


def forward(model, ids):
    """Logits of the next token and of the one after it; where a text ends, the latter are of token 0 as the next."""
    layer = model.model.layers[-1]
    hidden = model.model(input_ids=ids).last_hidden_state
    following = torch.cat([ids[:, 1:], torch.zeros_like(ids[:, :1])], 1)
    embedded = layer.enorm(model.model.embed_tokens(following))
    x = layer.eh_proj(torch.cat([embedded, layer.hnorm(hidden)], -1))
    length = ids.shape[1]
    positions = torch.arange(length)[None]
    mask = torch.full((length, length), float("-inf")).triu(1)[None, None]
    turns = model.model.rotary_emb(x, positions)
    x = layer(x, attention_mask=mask, position_ids=positions, position_embeddings=turns)
    return model.lm_head(hidden), model.lm_head(layer.shared_head.norm(x))


def compute(model, ids):
    model.zero_grad()
    logits, further = forward(model, ids)
    counted = ids[:, 1:].numel()
    main = cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    mtp = cross_entropy(further[:, :-2].flatten(0, 1), ids[:, 2:].flatten(), reduction="sum") / counted
    (main + LAMBDA * mtp).backward()
    tensors = {"input_ids": ids, "logits": logits.detach(), "further_logits": further.detach()}
    tensors |= {f"grad.{name}": grad for name, grad in golden.disk_gradients(model).items()}
    return {"loss": main.item(), "mtp_loss": mtp.item(), "lambda": LAMBDA}, tensors


def add_copies(out, number):
    """The module's copies of what it shares with the model, which vLLM asks for."""
    tensors = load_file(out / "model.safetensors")
    prefix = f"model.layers.{number}"
    tensors[f"{prefix}.embed_tokens.weight"] = tensors["model.embed_tokens.weight"].clone()
    tensors[f"{prefix}.shared_head.head.weight"] = tensors["lm_head.weight"].clone()
    save_file(tensors, out / "model.safetensors", {"format": "pt"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    for seed in range(args.seed, args.seed + 50):
        model = random_model(SETTINGS, seed)
        add_module(model)
        ids = torch.randint(0, model.config.vocab_size, (2, 18))
        with ClosestDecision() as decisions:
            result, tensors = compute(model, ids)
        if decisions.margin > CLOSEST_DECISION:
            break
    model.save_pretrained(args.out)
    add_copies(args.out, model.config.num_hidden_layers)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, args.out / "golden.safetensors")
    heading = {"seed": seed, "source": "transformers 5.17.0, torch 2.13 CPU float32"}
    (args.out / "golden.json").write_text(json.dumps(heading | result, indent=1) + "\n")
    print(f"{args.out}: seed {seed}, {result}, closest routing decision {decisions.margin:.1e}")


if __name__ == "__main__":
    main()
