"""PyTorch on the processor in `npm run bench -- --device cpu --peers torch`: the product, the training step, the decoding."""

import torch
import torch.nn.functional as F

import bench_peer


def gemm(input):
    size = input["size"]
    a, b = (input[name].view(size, size) for name in ("a", "b"))
    product = (a @ b).flatten()

    def run(times):
        for _ in range(times):
            torch.mm(a, b)

    return [product[place].item() for place in input["places"]], None, run


def angles(shape, count):
    """cos and sin (T, 1, K) of positions 0 … count − 1, for heads that turn by halves."""
    pairs = torch.arange(0, shape["headWidth"], 2, dtype=torch.float64) / shape["headWidth"]
    turns = torch.arange(count, dtype=torch.float64)[:, None] * shape["ropeTheta"] ** -pairs
    both = torch.cat([turns, turns], -1)[:, None]
    return both.cos().float(), both.sin().float()


def rope(x, cos, sin):
    """Turns x (B, T, H, K)."""
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


def hidden(shape, p, x, turn, attend):
    """The layers over x (B, T, D). `attend(layer, q, k, v)` gets (B, H, T, K) each and returns as much."""
    heads = (*x.shape[:2], shape["heads"], shape["headWidth"])

    def norm(x, weight):
        return F.rms_norm(x, (shape["width"],), weight, shape["epsilon"])

    for layer in range(shape["layers"]):
        w = {name: p[f"{layer}.{name}"] for name in NAMES}
        normed = norm(x, w["attention_norm"])
        q, k, v = (F.linear(normed, w[name]).view(heads) for name in "qkv")
        q, k = rope(q, *turn), rope(k, *turn)
        attended = attend(layer, *(part.transpose(1, 2) for part in (q, k, v)))
        x = x + F.linear(attended.transpose(1, 2).flatten(2), w["o"])
        normed = norm(x, w["mlp_norm"])
        x = x + F.linear(F.silu(F.linear(normed, w["gate"])) * F.linear(normed, w["up"]), w["down"])
    return norm(x, p["norm"])


NAMES = ("attention_norm", "q", "k", "v", "o", "mlp_norm", "gate", "up", "down")


def parameters(tensors):
    return {name: tensor["data"].view(tensor["shape"]) for name, tensor in tensors.items()}


def train(input):
    shape, adamw = input["shape"], input["adamw"]
    p = {name: tensor.requires_grad_() for name, tensor in parameters(input["tensors"]).items()}
    tokens = torch.stack(input["tokens"]).long()
    ids, targets = tokens[:, :-1], tokens[:, 1:].flatten()
    turn = angles(shape, ids.shape[1])
    betas = adamw["beta1"], adamw["beta2"]
    settings = {"lr": adamw["learningRate"], "eps": adamw["epsilon"], "weight_decay": adamw["weightDecay"]}
    optimizer = torch.optim.AdamW(p.values(), betas=betas, fused=True, **settings)

    def attend(_, q, k, v):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)

    def step():
        optimizer.zero_grad()
        x = hidden(shape, p, F.embedding(ids, p["embedding"]), turn, attend)
        loss = F.cross_entropy(F.linear(x, p["embedding"]).flatten(0, 1), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    def run(times):
        for _ in range(times):
            step()

    return [step() for _ in range(input["checkedSteps"])], None, run


@torch.inference_mode()
def decode(input):
    """Greedy; keys and values cached in their places, for all places from the start."""
    shape, prompt, new_tokens = input["shape"], input["prompt"], input["newTokens"]
    p = parameters(input["tensors"])
    length = len(prompt) + new_tokens
    tables = angles(shape, length)
    size = (shape["layers"], 2, 1, shape["heads"], length, shape["headWidth"])

    def read(cache, ids, place):
        """Reads ids (1, n) at `place` and on; returns the next token (1, 1)."""
        end = place + ids.shape[1]

        def attend(layer, q, k, v):
            for kept, new in zip(cache[layer], (k, v)):
                kept[:, :, place:end] = new
            k, v = cache[layer, :, :, :, :end]
            return F.scaled_dot_product_attention(q, k, v, is_causal=place == 0)

        turn = [table[place:end] for table in tables]
        x = hidden(shape, p, F.embedding(ids, p["embedding"]), turn, attend)
        return F.linear(x[:, -1:], p["embedding"]).argmax(-1)

    @torch.inference_mode()
    def generate():
        cache = torch.zeros(size)
        drawn = [read(cache, torch.tensor([prompt]), 0)]
        while len(drawn) < new_tokens:
            drawn.append(read(cache, drawn[-1], len(prompt) + len(drawn) - 1))
        return torch.cat(drawn).flatten().tolist()

    def run(times):
        for _ in range(times):
            generate()

    return generate()[: input["checkedTokens"]], None, run


if __name__ == "__main__":
    bench_peer.serve({"gemm": gemm, "train": train, "decode": decode})
