"""Holds the rewards of an exported job (src/export/python/rewards.py) against TypeScript's own.

    REWARD_CASES=20000 REWARD_CASES_OUT=cases.jsonl npx vitest run --project unit src/export/rewardsInPython.test.ts -t written
    python check_rewards.py cases.jsonl [--rewards DIR] [--keep FILE.jsonl.gz]

A case is a completion with what it answers and `rewards`, by name. Prints how many rewards differ by more than 1e-9, and
exits 1 where one does. Programs beyond expressions of numbers need the package quickjs. --keep writes the cases,
compressed: a fixture.
"""

import argparse
import gzip
import json
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

PYTHON = Path(__file__).resolve().parents[2] / "src/export/python"
TOLERANCE = 1e-9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="JSON lines, or those compressed (.gz)")
    parser.add_argument("--rewards", type=Path, default=PYTHON, help="the folder of rewards.py")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    sys.path.insert(0, str(args.rewards))
    import rewards

    warnings.simplefilter("ignore")
    lines = (gzip.open if args.cases.suffix == ".gz" else open)(args.cases, "rt", encoding="utf-8").readlines()
    start, differing, counts, scored = time.perf_counter(), [], Counter(), Counter()
    for line in lines:
        case = json.loads(line)
        sample = rewards.Sample(
            text=case["completion"],
            task=case["task"],
            question=case["question"],
            expected=case["answer"],
            rule=case["rule"],
            num_tokens=case["num_tokens"],
            max_tokens=case["max_tokens"],
        )
        for name, expected in case["rewards"].items():
            found = rewards.SCORES[name](sample)
            counts[name] += 1
            scored[name] += bool(expected)
            is_same = found is None if expected is None else found is not None and abs(found - expected) <= TOLERANCE
            if not is_same:
                differing.append((case["task"], name, expected, found, case))
    seconds = time.perf_counter() - start
    for task, name, expected, found, case in differing[:20]:
        print(f"{task} {name}: {found}, not {expected}, of {case['question']!r} {case['answer']!r} {case['rule']}")
        print(f"    {case['completion'][:600]!r}")
    print(f"{len(lines)} completions, {counts.total()} rewards, {scored.total()} of them neither 0 nor none, {seconds:.1f} s")
    print("not 0: " + ", ".join(f"{name} {scored[name]}" for name in counts))
    print(f"{len(differing)} differ by more than {TOLERANCE}")
    if args.keep:
        args.keep.write_bytes(gzip.compress("".join(lines).encode("utf-8"), mtime=0))
    sys.exit(1 if differing else 0)


main()
