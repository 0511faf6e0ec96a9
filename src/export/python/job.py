"""What the scripts of this job share: their arguments, their data, and how they go on after a stop.

They compute on the CPU where there is no GPU. Paths are read from this folder on.
"""

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import torch
import yaml
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.trainer_callback import TrainerState
from trl import TrlParser

FOLDER = Path(__file__).resolve().parent


@dataclass
class Files:
    """Where things lie, from this folder on."""

    model_name_or_path: str = field(default="model", metadata={"help": "a folder here, or a model on the Hub"})
    dtype: str = field(default="float32", metadata={"help": "of the weights: float32, bfloat16"})
    train_file: str = field(default="data/train.jsonl", metadata={"help": "JSON lines to train on"})
    heldout_file: str | None = field(default=None, metadata={"help": "JSON lines to evaluate on"})
    start_anew: bool = field(default=False, metadata={"help": "do not go on from the last checkpoint"})


def read_arguments(types, config, argv=None):
    """The arguments of a trainer, from the YAML file `config` or `--config FILE`, and from the command line.

    In the file per_device_train_batch_size is that of one process: several share it.
    """
    parser = TrlParser(types)
    has_gpu, processes = torch.cuda.is_available(), int(os.environ.get("WORLD_SIZE", 1))
    parser.set_defaults(use_cpu=not has_gpu, bf16=has_gpu, report_to="none")
    if processes > 1 and not has_gpu:
        parser.set_defaults(ddp_backend="gloo")
    argv = with_config(config, argv)
    if processes > 1 and "--per_device_train_batch_size" not in argv:
        settings = yaml.safe_load(Path(argv[argv.index("--config") + 1]).read_text("utf-8"))
        size = settings.get("per_device_train_batch_size", 8)
        if size % processes:
            raise SystemExit(
                f"{size} answers a step cannot be shared by {processes} processes. "
                f"Use a number of processes that divides {size}, or give --per_device_train_batch_size."
            )
        argv += ["--per_device_train_batch_size", str(size // processes)]
    files, args, *others = parser.parse_args_and_config(argv)
    args.output_dir = here(args.output_dir)
    return files, args, *others


def parse(parser, config, argv=None):
    """The arguments of any other script, from the same places."""
    return parser.parse_args_and_config(with_config(config, argv))


def with_config(config, argv):
    """The command line, with the file of settings on it; what is given beside the file counts more."""
    argv = sys.argv[1:] if argv is None else list(argv)
    if "--config" not in argv:
        argv = ["--config", config, *argv]
    at = argv.index("--config") + 1
    argv[at] = here(argv[at])
    return argv


def here(path):
    """The path from this folder on, if it is there or is to be made; a model's name as it is."""
    inside = FOLDER / path
    return str(inside) if inside.exists() or not Path(path).exists() else str(path)


def model_path(name):
    return str(FOLDER / name) if (FOLDER / name).is_dir() else name


def load_model(name, dtype):
    return AutoModelForCausalLM.from_pretrained(model_path(name), dtype=dtype)


def load_tokenizer(name):
    return AutoTokenizer.from_pretrained(model_path(name), padding_side="left")


def renderer(tokenizer):
    """Messages as the model reads them, up to where its answer begins."""
    return lambda messages: tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)


def load_rows(file):
    return Dataset.from_json(here(file))


def last_checkpoint(args, files):
    """The newest whole one in output_dir and its step, or None; a stop while it was written leaves one without its state."""
    if files.start_anew:
        return None, 0
    states = Path(args.output_dir).glob("checkpoint-*/trainer_state.json")
    newest = max(states, key=lambda path: int(path.parent.name.split("-")[1]), default=None)
    return (None, 0) if newest is None else (newest.parent, TrainerState.load_from_json(newest).global_step)


def train(trainer, files):
    """Trains to the end, and writes the model, its tokenizer and the trainer's state into output_dir.

    A run that is at its end already is left as it is: the trainer itself would take a step beyond.
    """
    args = trainer.args
    checkpoint, step = last_checkpoint(args, files)
    is_at_end = checkpoint is not None and 0 < args.max_steps <= step
    if is_at_end:
        say(trainer, f"All {step} steps are done in {checkpoint}: nothing is trained.")
        if args.should_save:
            copy_model(checkpoint, args.output_dir)
    else:
        if checkpoint is not None:
            say(trainer, f"Going on from {checkpoint}, step {step} of {args.max_steps}.")
        # It starts once, and may be told not to evaluate.
        args.eval_on_start = args.eval_on_start and checkpoint is None and trainer.eval_dataset is not None
        trainer.train(resume_from_checkpoint=checkpoint and str(checkpoint))
        trainer.save_model(args.output_dir)
        trainer.save_state()
        step = trainer.state.global_step
    say(trainer, f"To go on from step {step}, give more with --max_steps; to begin again, --start_anew true.")


def say(trainer, text):
    """Once, of all processes."""
    if trainer.is_world_process_zero():
        print(text, flush=True)


def copy_model(checkpoint, folder):
    """What save_model and save_state write, which a stop after the last checkpoint may have left out."""
    for file in checkpoint.iterdir():
        if file.suffix in (".json", ".jinja", ".safetensors"):
            shutil.copy(file, folder)
