"""Rejection sampling (DeepSeek-R1, stage 3): many answers a problem, of which the right and readable ones become a set.

`python reject.py --config FILE` writes set.jsonl, rows of `{"prompt", "completion"}`, and report.json into output_dir.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import torch
from transformers import set_seed
from trl import TrlParser

import job
import rewards
from judging.steps import count_words


@dataclass
class Rejection:
    output_dir: str = "output"
    seed: int = 42
    problems: int = field(default=512, metadata={"help": "of train_file that are answered"})
    samples: int = field(default=4, metadata={"help": "answers to each"})
    batch_size: int = field(default=32, metadata={"help": "problems answered at once"})
    max_completion_length: int = 96
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    language: str | None = field(default=None, metadata={"help": "that thinking must be in: en or zh"})
    min_language_share: float = 1.0
    min_thinking_tokens: int = 0
    max_thinking_tokens: int | None = None
    max_per_problem: int | None = None


def main(argv=None):
    files, args = job.parse(TrlParser((job.Files, Rejection)), "reject.yaml", argv)
    set_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = job.load_model(files.model_name_or_path, files.dtype).to(device).eval()
    tokenizer = job.load_tokenizer(files.model_name_or_path)
    problems = job.load_rows(files.train_file).to_list()[: args.problems]
    kept, counts = [], Counter()
    render = job.renderer(tokenizer)
    for start in range(0, len(problems), args.batch_size):
        batch = problems[start : start + args.batch_size]
        for problem, answers in zip(batch, answer(model, tokenizer, batch, args), strict=True):
            own, opening = set(), rewards.opening_of(problem["prompt"], render)
            for text, has_ended in answers:
                completion = opening + text
                reason = why_not(problem, completion, has_ended, own, tokenizer, args)
                counts[reason or "kept"] += 1
                if reason is None:
                    own.add(completion)
                    kept.append({"prompt": problem["prompt"], "completion": like(problem["prompt"], completion)})
        print(f"{start + len(batch)} of {len(problems)} problems answered, {len(kept)} answers kept", flush=True)
    folder = Path(job.here(args.output_dir))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(counts, indent=2), "utf-8")
    if not kept:
        raise SystemExit(f"No answer was kept: {folder / 'report.json'} says why. Give more --problems or --samples.")
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in kept]
    (folder / "set.jsonl").write_text("".join(lines), "utf-8")


def like(prompt, completion):
    """TRL wants a text for a text, and messages for messages."""
    return completion if isinstance(prompt, str) else [{"role": "assistant", "content": completion}]


@torch.inference_mode()
def answer(model, tokenizer, batch, args):
    """Of each problem its answers, and whether each came to its end."""
    prompts = [row["prompt"] for row in batch]
    is_text = isinstance(prompts[0], str)
    texts = prompts if is_text else [*map(job.renderer(tokenizer), prompts)]
    inputs = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=is_text).to(model.device)
    inputs.pop("token_type_ids", None)
    tokens = model.generate(
        **inputs,
        do_sample=True,
        temperature=args.temperature,
        top_p=args.top_p,
        top_k=args.top_k,
        max_new_tokens=args.max_completion_length,
        num_return_sequences=args.samples,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )[:, inputs["input_ids"].shape[1] :]
    answers = [
        (tokenizer.decode(row, skip_special_tokens=True), tokenizer.eos_token_id in row.tolist()) for row in tokens
    ]
    return [answers[i : i + args.samples] for i in range(0, len(answers), args.samples)]


def why_not(problem, completion, has_ended, kept, tokenizer, args):
    """Why an answer does not go into the set; None if it does."""
    sample = rewards.Sample(completion, problem["task"], problem["question"], problem["answer"], problem.get("rule") or "")
    if not has_ended:
        return "truncated"
    if not sample.is_well_formed:
        return "malformed"
    if not sample.verdict.correct:
        return "wrong"
    words = count_words(sample.thinking)
    share = words[args.language] / sum(words.values()) if args.language and any(words.values()) else 1
    if share < args.min_language_share:
        return "language"
    length = len(tokenizer(sample.thinking, add_special_tokens=False)["input_ids"])
    if length < args.min_thinking_tokens:
        return "too_short"
    if args.max_thinking_tokens is not None and length > args.max_thinking_tokens:
        return "too_long"
    if completion in kept:
        return "duplicate"
    return "surplus" if args.max_per_problem is not None and len(kept) >= args.max_per_problem else None


if __name__ == "__main__":
    main()
