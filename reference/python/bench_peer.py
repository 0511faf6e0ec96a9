"""PyTorch as one of the engines that `npm run bench` compares with: told on standard input what to prepare and when to run.

Messages and answers are those of bench/peers/child.mjs as JSON, one a line; a typed array is {"dtype", "base64"}. The first
argument is the number of threads.
"""

import base64
import json
import os
import sys
import time

import numpy
import torch


def decode(value):
    """JSON with its typed arrays as tensors."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "base64" in value:
        return torch.from_numpy(numpy.frombuffer(bytearray(base64.b64decode(value["base64"])), dtype=value["dtype"]))
    return {name: decode(item) for name, item in value.items()}


def serve(tasks):
    """Answers until standard input ends.

    `tasks` gives for each kind a function of the task's input. It returns numbers that every engine must agree on, a remark for
    people (or None), and a function that does the task so many times.
    """
    # Libraries print, too: the answers alone go to the real standard output.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    torch.set_num_threads(int(sys.argv[1]))
    run = None
    for line in sys.stdin:
        message = decode(json.loads(line))
        try:
            if message["kind"] == "prepare":
                task = message["task"]
                if task["kind"] not in tasks:
                    raise ValueError(f"has nothing to compare ({task['kind']})")
                check, detail, run = tasks[task["kind"]](task["input"])
                answer = {"check": check} | ({} if detail is None else {"detail": detail})
            else:
                start = time.perf_counter()
                run(message["times"])
                answer = {"ms": 1000 * (time.perf_counter() - start)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
