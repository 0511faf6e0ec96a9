"""Runs JavaScript of strangers: in a process of its own, in QuickJS, with limits of time and memory.

Needs the package `quickjs`. Run as a script, this file is that process: a line of JSON in, a line of JSON out.
"""

import json
import math
import subprocess
import sys
import threading
import warnings
from functools import cache
from importlib.util import find_spec

if __package__:
    from . import numeric

_SECONDS = 2
"""What one script may take, all its calls together."""
_BYTES = 32 * 2**20

_PROGRAM = """const answer = {};
new Function(`(${{answer}}\n)`);
const list = new Function(`'use strict'; const x = arguments[0]; return [${{answer}}\n]`);
(x) => {{ const values = list(x); if (values.length > 1) throw 'It has more than one value.'; return values[0]; }}"""
_REWARD = "{}\n;if (typeof reward !== 'function') throw 'There is no function named reward.'; reward"
_CALL = """(() => {
  const { parse, stringify } = JSON;
  const { Promise } = globalThis;
  return (f, json) => {
    const result = f(parse(json));
    if (result instanceof Promise) throw 'The result is a promise; it must be there at once.';
    return typeof result === 'number' ? result : stringify(result);
  };
})()"""


def values_of(answer, inputs):
    """What an expression in x comes to at each input: a finite number, or None for anything else, errors included."""
    try:
        call = numeric.compile(answer)
    except numeric.Fails:
        return [None] * len(inputs)
    except numeric.Beyond:
        outcomes = _run(_PROGRAM.format(json.dumps(answer)), inputs, isolate=True) if _is_there() else []
        return [outcome.get("value") for outcome in outcomes] or [None] * len(inputs)
    return [call(x) for x in inputs]


def score(source, sample):
    """What the reader's function `reward` gives a sample: a number, or None where it does not apply or fails."""
    [outcome] = _run(_REWARD.format(source), [sample])
    if "error" in outcome:
        warnings.warn(f"own_reward.js gave no score: {outcome['error']}", stacklevel=2)
    return outcome.get("value")


def require():
    """Ends the program, in words, where JavaScript cannot be run."""
    if find_spec("quickjs") is None:
        raise SystemExit(
            "The reward `custom` is JavaScript (own_reward.js), which needs the package quickjs: `pip install quickjs`. "
            "Or write it in Python, as the function `custom` in rewards.py."
        )


@cache
def _is_there():
    is_there = find_spec("quickjs") is not None
    if not is_there:
        warnings.warn(
            "An answer is more than an expression of numbers, and the package quickjs is not there to run it "
            "(`pip install quickjs`): such answers count as wrong.",
            stacklevel=3,
        )
    return is_there


_lock = threading.Lock()
_process = None


def _run(source, inputs, isolate=False):
    """One outcome an input, {"value": number or None} or {"error": words}. `isolate`: each in an interpreter of its own."""
    global _process
    with _lock:
        if _process is None or _process.poll() is not None:
            pipe = subprocess.PIPE
            _process = subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, text=True)
        watch = threading.Timer(_SECONDS * (len(inputs) + 1) + 10, _process.kill)
        watch.start()
        try:
            _process.stdin.write(json.dumps({"source": source, "inputs": inputs, "isolate": isolate}) + "\n")
            _process.stdin.flush()
            line = _process.stdout.readline()
        except OSError:
            line = ""
        finally:
            watch.cancel()
    return json.loads(line) if line else [{"error": "It broke the interpreter."}] * len(inputs)


def _serve():
    _limit_memory()
    for line in sys.stdin:
        request = json.loads(line)
        realm, outcomes = None, []
        for value in request["inputs"]:
            realm = realm if realm and not request["isolate"] else _Realm(request["source"])
            outcomes.append(realm.call(value))
            if "error" in outcomes[-1]:
                realm = None
        print(json.dumps(outcomes), flush=True)


class _Realm:
    """A script that has run, and the function it ended with."""

    def __init__(self, source):
        import quickjs

        self.context = quickjs.Context()
        self.context.set_memory_limit(_BYTES)
        self.context.set_time_limit(_SECONDS)
        self.ask = self.context.eval(_CALL)
        try:
            self.function, self.failure = self.context.eval(source), None
        except quickjs.JSException as error:
            self.failure = _words(error)

    def call(self, value):
        if self.failure is not None:
            return {"error": self.failure}
        try:
            result = self.ask(self.function, json.dumps(value))
        except Exception as error:
            return {"error": _words(error)}
        if result is None or result == "null":
            return {"value": None} if result == "null" else {"error": "There is no result."}
        if isinstance(result, (int, float)) and not isinstance(result, bool) and math.isfinite(result):
            return {"value": result}
        return {"error": f"The result is {str(result)[:60]}; it must be a number or null."}


def _words(error):
    return str(error).split("\n", 1)[0][:300]


def _limit_memory():
    """Of the whole process, where the system can: QuickJS counts only what it allots itself."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))


if __name__ == "__main__":
    _serve()
