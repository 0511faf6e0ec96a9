"""train.py on several workers, by Ray Train: `python ray_train.py --workers 2`, and whatever train.py takes.

Each worker has a part of every batch. Where a worker dies, all begin again from the last checkpoint; so does the whole
program when it is started again. output_dir must lie where every node of a cluster reads and writes it.
"""

import argparse
import sys

import ray
import torch
from ray.train import FailureConfig, RunConfig, ScalingConfig
from ray.train.torch import TorchConfig, TorchTrainer

from job import FOLDER


def work(config):
    """What one worker does."""
    sys.path.insert(0, config["folder"])
    torch.set_num_threads(config["threads"])
    import train

    train.main(config["argv"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=1, help="one a GPU, or any number of processes without GPUs")
    parser.add_argument("--threads", type=int, default=1, help="of each worker's computing on a CPU")
    parser.add_argument("--restarts", type=int, default=3, help="how often a failed worker is forgiven")
    args, argv = parser.parse_known_args()
    ray.init()
    has_gpus = ray.cluster_resources().get("GPU", 0) >= args.workers
    trainer = TorchTrainer(
        work,
        train_loop_config={"folder": str(FOLDER), "argv": argv, "threads": args.threads},
        scaling_config=ScalingConfig(num_workers=args.workers, use_gpu=has_gpus),
        torch_config=TorchConfig(backend="nccl" if has_gpus else "gloo"),
        run_config=RunConfig(
            storage_path=str(FOLDER / "output" / "ray"), failure_config=FailureConfig(max_failures=args.restarts)
        ),
    )
    trainer.fit()


if __name__ == "__main__":
    main()
