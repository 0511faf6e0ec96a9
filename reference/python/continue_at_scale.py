"""Proves that an exported job goes on: each of its programs is killed in the middle, started again, and comes to its end.

    npm run cli -- grpo base --task chained_sums --steps 1 --out runs/zero
    npm run cli -- export-job runs/zero --to ray --out job
    python continue_at_scale.py job OUT [--steps 30] [--only trl|ray] [-- --learning_rate 4e-4 …]

    npm run cli -- pipeline reference/python/four_stages.json --out runs/four
    npm run cli -- export-job runs/four --to trl --out stages
    python continue_at_scale.py stages OUT

A run is trained by TRL, alone and on Ray's workers: each is ended by SIGKILL after its first checkpoint, must go on from
there, reach its last step, and give a higher reward in its last third than in its first. What stands after `--` is given to
both. A pipeline's run.sh is killed in its first stage of reinforcement learning, must go on from that stage's checkpoint, do
none again that was done, and leave of each what it is for; a student's loss must have fallen.

OUT keeps the logs, trainer_state.json and the completions. Exits 1 where something does not hold.
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
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=["trl", "ray"])
    args, given = parser.parse_known_args()
    given = [argument for argument in given if argument != "--"]
    job, out = args.job.resolve(), args.out.resolve()
    if (job / "run.sh").exists():
        sys.exit(0 if stages_go_on(job, out) else 1)
    scripts = {"trl": ["train.py"], "ray": ["ray_train.py", "--workers", str(args.workers)]}
    wanted = {name: script for name, script in scripts.items() if args.only in (None, name)}
    sys.exit(0 if all([goes_on(job, out / name, script, args.steps, given) for name, script in wanted.items()]) else 1)


def goes_on(job, out, script, steps, given):
    """Whether a program that is killed goes on, ends, and has raised its reward."""
    result = job / f"output-{out.name}"
    shutil.rmtree(result, ignore_errors=True)
    own = ["--output_dir", result.name, "--max_steps", str(steps), "--save_steps", str(max(1, steps // 4)), *given]
    run = killed_once([sys.executable, *script, *own], job, out, lambda: last_step(result) > 0)
    state = state_of(result) if run.code == 0 else {"log_history": []}
    rewards = told(state, "reward")
    if run.code == 0:
        shutil.copytree(result / "completions", out / "completions", dirs_exist_ok=True)
        shutil.copy(result / "trainer_state.json", out)
    before, after = thirds(rewards)
    holds = report(
        out.name,
        {
            "was killed while it ran": run.was_running,
            "went on from its checkpoint": "Going on from" in run.second,
            f"came to step {steps}": state.get("global_step") == steps and len(rewards) == steps,
            f"raised its reward, {before:.3f} to {after:.3f}": after > before,
        },
    )
    print(f"      {out.name}: {run.seconds:.0f} s, rewards {' '.join(f'{reward:.2f}' for reward in rewards)}", flush=True)
    print(f"      {out.name}: held out {' '.join(f'{reward:.3f}' for reward in told(state, 'eval_reward'))}", flush=True)
    return holds


def stages_go_on(job, out):
    """Whether a pipeline that is killed goes on where it was, and every stage leaves what it is for."""
    output = job / "output"
    shutil.rmtree(output, ignore_errors=True)
    learning = lambda: [path.parent for path in output.glob("*/completions") if last_step(path.parent)]  # noqa: E731
    run = killed_once(["bash", "run.sh"], job, out, learning)
    named = [line.split()[1] for line in (job / "run.sh").read_text("utf-8").splitlines() if line.startswith("stage ")]
    again = [line.split()[1] for line in run.second.splitlines() if line.startswith("Stage ")]
    checks = {
        "was killed while it ran": run.was_running,
        "did no stage again that was done": 0 < len(again) < len(named) and again == named[-len(again) :],
        "went on from its checkpoint": "Going on from" in run.second,
        "came to its end": run.code == 0 and all((output / name / "done").exists() for name in named),
    }
    for name in named if run.code == 0 else []:
        folder = output / name
        if (folder / "report.json").exists():
            kept = json.loads((folder / "report.json").read_text("utf-8"))["kept"]
            checks[f"{name} kept {kept} answers"] = kept == len((folder / "set.jsonl").read_text("utf-8").splitlines()) > 0
            continue
        state = state_of(folder)
        is_whole = state["global_step"] == state["max_steps"] and (folder / "model.safetensors").exists()
        checks[f"{name} left a model of step {state['global_step']}"] = is_whole
        rewards = told(state, "reward")
        before, after = thirds(rewards or told(state, "loss"))
        what = "reward" if rewards else "loss"
        checks[f"{name}: {what} from {before:.3f} to {after:.3f}"] = bool(rewards) or after < before
    third = subprocess.run(["bash", "run.sh"], cwd=job, env=environment(), capture_output=True, text=True)
    checks["does nothing when it is started once more"] = third.returncode == 0 and "Stage" not in third.stdout
    holds = report(out.name, checks)
    print(f"      {out.name}: {run.seconds:.0f} s", flush=True)
    return holds


class Killed:
    """What came of a program that was killed and started again: `second` is what it then said."""

    def __init__(self, was_running, code, second, seconds):
        self.was_running, self.code, self.second, self.seconds = was_running, code, second, seconds


def killed_once(command, job, out, is_time):
    """Runs a program until it is time, kills it and all that it started, and runs it to its end."""
    out.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    logs = [out / "killed.log", out / "log.txt"]
    told_to = {"cwd": job, "env": environment(), "start_new_session": True}
    with open(logs[0], "w") as log:
        first = subprocess.Popen(command, stdout=log, stderr=log, **told_to)
        while not is_time() and first.poll() is None:
            time.sleep(0.2)
        was_running = first.poll() is None
        if was_running:
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    with open(logs[1], "w") as log:
        code = subprocess.run(command, stdout=log, stderr=log, **told_to).returncode
    return Killed(was_running, code, logs[1].read_text("utf-8", errors="replace"), time.monotonic() - start)


def environment():
    """`python` is the one that runs this."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def report(name, checks):
    for check, holds in checks.items():
        print(f"{'pass' if holds else 'FAIL'}  {name}: {check}", flush=True)
    return all(checks.values())


def state_of(folder):
    return json.loads((folder / "trainer_state.json").read_text("utf-8"))


def told(state, name):
    return [entry[name] for entry in state["log_history"] if name in entry]


def last_step(folder):
    return max((int(path.parent.name.split("-")[1]) for path in folder.glob("checkpoint-*/trainer_state.json")), default=0)


def thirds(numbers):
    """The means of the first and the last third."""
    third = max(1, len(numbers) // 3)
    return mean(numbers[:third]), mean(numbers[-third:])


def mean(numbers):
    return sum(numbers) / max(1, len(numbers))


main()
