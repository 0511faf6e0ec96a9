"""Teaches by example with TRL, by the settings in a stage's YAML: `python sft.py --config stages/1-cold-start.yaml`.

Its rows are `{"prompt", "completion"}`; only the completions count. Every field of TRL's SFTConfig can be given.
"""

from dataclasses import dataclass, field

from datasets import interleave_datasets
from trl import SFTConfig, SFTTrainer

import job


@dataclass
class Sets:
    train_files: list[str] | None = field(default=None, metadata={"help": "several files in the place of train_file"})
    train_shares: list[float] | None = field(default=None, metadata={"help": "how often each of them is drawn from"})


def main(argv=None):
    files, args, sets = job.read_arguments((job.Files, SFTConfig, Sets), "sft.yaml", argv)
    trainer = SFTTrainer(
        model=job.load_model(files.model_name_or_path, files.dtype),
        processing_class=job.load_tokenizer(files.model_name_or_path),
        args=args,
        train_dataset=mixed(sets.train_files or [files.train_file], sets.train_shares, args.seed),
        eval_dataset=job.load_rows(files.heldout_file) if files.heldout_file and args.eval_strategy != "no" else None,
    )
    job.train(trainer, files)


def mixed(names, shares, seed):
    rows = [job.load_rows(name).select_columns(["prompt", "completion"]) for name in names]
    if len(rows) == 1:
        return rows[0]
    weights = shares or [len(some) for some in rows]
    probabilities = [weight / sum(weights) for weight in weights]
    return interleave_datasets(rows, probabilities, seed=seed, stopping_strategy="all_exhausted")


if __name__ == "__main__":
    main()
