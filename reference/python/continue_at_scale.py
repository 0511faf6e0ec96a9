"""Proves that an exported job goes on: trains it by TRL, alone and on Ray's workers, kills both, and lets both go on.

    npm run cli -- grpo base --task chained_sums --steps 1 --out runs/zero
    npm run cli -- export-job runs/zero --to ray --out job
    python continue_at_scale.py job OUT [--steps 30] [-- --learning_rate 4e-4 …]

Each program is ended by SIGKILL after its first checkpoint and is started again; it must go on from there, reach its
last step, and give a higher reward at its end than at its start. OUT keeps trainer_state.json and the completions of both.
Exits 1 where one does not. What stands after `--` is given to both programs.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--ray-steps", type=int, default=24)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=["trl", "ray"])
    args, given = parser.parse_known_args()
    given = [argument for argument in given if argument != "--"]
    failures = 0
    for name, script, steps in (
        ("trl", ["train.py"], args.steps),
        ("ray", ["ray_train.py", "--workers", str(args.workers)], args.ray_steps),
    ):
        if args.only in (None, name):
            failures += not goes_on(args.job.resolve(), args.out / name, script, steps, given)
    sys.exit(1 if failures else 0)


def goes_on(job, out, script, steps, given):
    """Whether a program that is killed goes on, ends, and has raised its reward."""
    result = job / f"output-{out.name}"
    shutil.rmtree(result, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    every = max(1, steps // 4)
    own = ["--output_dir", result.name, "--max_steps", str(steps), "--save_steps", str(every), *given]
    command = [sys.executable, *script, *own]
    with open(out / "log.txt", "w") as log:
        start = time.monotonic()
        first = subprocess.Popen(command, cwd=job, stdout=log, stderr=log, start_new_session=True)
        while not [*result.glob("checkpoint-*/trainer_state.json")] and first.poll() is None:
            time.sleep(0.5)
        was_running = first.poll() is None
        if was_running:
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        killed_at = last_step(result)
        log.write(f"\n--- killed after step {killed_at}; begun again\n")
        log.flush()
        code = subprocess.run(command, cwd=job, stdout=log, stderr=log, start_new_session=True).returncode
        seconds = time.monotonic() - start
    state = json.loads((result / "trainer_state.json").read_text("utf-8")) if code == 0 else {"log_history": []}
    rewards = [entry["reward"] for entry in state["log_history"] if "reward" in entry]
    if code == 0:
        shutil.copytree(result / "completions", out / "completions", dirs_exist_ok=True)
        shutil.copy(result / "trainer_state.json", out)
    told = (out / "log.txt").read_text("utf-8", errors="replace").split("--- killed")[-1]
    third = max(1, len(rewards) // 3)
    before, after = mean(rewards[:third]), mean(rewards[-third:])
    checks = {
        f"was killed while it ran, after step {killed_at}": was_running and 0 < killed_at < steps,
        "went on from its checkpoint": "Going on from" in told,
        f"came to step {steps}": state.get("global_step") == steps and len(rewards) == steps,
        f"raised its reward, {before:.3f} to {after:.3f}": after > before,
    }
    for check, holds in checks.items():
        print(f"{'pass' if holds else 'FAIL'}  {out.name}: {check}", flush=True)
    print(f"      {out.name}: {seconds:.0f} s, rewards {' '.join(f'{reward:.2f}' for reward in rewards)}", flush=True)
    return all(checks.values())


def last_step(result):
    return max((int(path.parent.name.split("-")[1]) for path in result.glob("checkpoint-*/trainer_state.json")), default=0)


def mean(numbers):
    return sum(numbers) / max(1, len(numbers))


main()
