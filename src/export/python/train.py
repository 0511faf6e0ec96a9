"""GRPO with TRL, by the settings in grpo.yaml: `python train.py`, `python train.py --max_steps 3 --learning_rate 1e-4`.

Every field of TRL's GRPOConfig can be given. It computes on the CPU where there is no GPU, and goes on from its last
checkpoint by itself. What it writes into output_dir is a Hugging Face folder under DeepSeek's own names.

The bias that balances the router's experts (e_score_correction_bias) is a buffer: TRL leaves it as it was.
"""

from dataclasses import dataclass, field

from trl import GRPOConfig, GRPOTrainer

import job
import rewards


@dataclass
class Rewards:
    reward_funcs: list[str] | None = field(default=None, metadata={"help": f"of {', '.join(rewards.REWARDS)}"})
    rewards_file: str = field(default="rewards.json", metadata={"help": "the rewards with their weights"})


def main(argv=None, callbacks=()):
    files, args, chosen = job.read_arguments((job.Files, GRPOConfig, Rewards), "grpo.yaml", argv)
    tokenizer = job.load_tokenizer(files.model_name_or_path)
    told = {"max_completion_length": args.max_completion_length, "render": job.renderer(tokenizer)}
    names, functions, weights = rewards.of_job(job.here(chosen.rewards_file), **told)
    if chosen.reward_funcs is not None and chosen.reward_funcs != names:
        functions, weights = [rewards.for_trl(name, **told) for name in chosen.reward_funcs], None
    args.reward_weights = args.reward_weights or weights
    trainer = GRPOTrainer(
        model=job.load_model(files.model_name_or_path, files.dtype),
        processing_class=tokenizer,
        reward_funcs=functions,
        args=args,
        train_dataset=job.load_rows(files.train_file),
        eval_dataset=job.load_rows(files.heldout_file) if files.heldout_file and args.eval_strategy != "no" else None,
        callbacks=list(callbacks),
    )
    job.train(trainer, files)


if __name__ == "__main__":
    main()
