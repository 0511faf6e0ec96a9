"""TRL's GRPO step on the processor for `npm run bench -- --device cpu --peers trl`: sampling, scoring, one update."""

import re
import tempfile
from threading import Semaphore, Thread

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

import bench_peer

COMPLETION = re.compile(r"<think>.*</think><answer>([^<]*)</answer>", re.DOTALL)


def accuracy(completions, answer, **_):
    found = [COMPLETION.fullmatch(completion) for completion in completions]
    return [float(match is not None and match[1] == wanted) for match, wanted in zip(found, answer)]


def form(completions, **_):
    return [float(COMPLETION.fullmatch(completion) is not None) for completion in completions]


class StepByStep(TrainerCallback):
    """Holds `train()`, in a thread of its own, before each step until it is told to take it."""

    def __init__(self):
        self.allowed, self.taken = Semaphore(0), Semaphore(0)
        self.error = None

    def on_step_begin(self, *_, **__):
        self.allowed.acquire()

    def on_step_end(self, *_, **__):
        self.taken.release()

    def start(self, trainer):
        def train():
            try:
                trainer.train()
            except Exception as error:
                self.error = error
                self.taken.release()

        trainer.add_callback(self)
        Thread(target=train, daemon=True).start()

    def run(self, times):
        for _ in range(times):
            self.allowed.release()
            self.taken.acquire()
            if self.error is not None:
                raise self.error


def grpo(input):
    """Steps of one trainer; `problems` are gone through again and again."""
    settings = input["settings"]
    config = GRPOConfig(
        output_dir=tempfile.mkdtemp(),
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        per_device_train_batch_size=settings["num_prompts"] * settings["num_generations"],
        num_generations=settings["num_generations"],
        max_completion_length=settings["max_completion_length"],
        learning_rate=settings["learning_rate"],
        lr_scheduler_type="constant",
        reward_weights=[1.0, 0.1],
        max_steps=1_000_000,
        save_strategy="no",
        logging_strategy="no",
        report_to=[],
        disable_tqdm=True,
    )
    trainer = GRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(input["folder"], dtype=torch.float32),
        processing_class=AutoTokenizer.from_pretrained(input["folder"]),
        reward_funcs=[accuracy, form],
        args=config,
        train_dataset=Dataset.from_list(input["problems"]),
    )
    steps = StepByStep()
    steps.start(trainer)
    return [], None, steps.run


if __name__ == "__main__":
    bench_peer.serve({"grpo": grpo})
