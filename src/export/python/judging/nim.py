"""Nim: a move takes one to three stones from one heap, and who takes the last stone wins. Its verifier and its steps."""

import re
from dataclasses import dataclass, replace
from functools import reduce

from .calculations import judge_alone
from .standing import Standing
from .typed import read_typed


def read_heaps(question):
    """`nim 13,7` → [13, 7]; None if it is no position."""
    match = re.fullmatch(r"nim([1-9][0-9]?(?:,[1-9][0-9]?){0,2})\??", read_typed(question) or "")
    return match and [int(heap) for heap in match[1].split(",")]


def _after(heaps, text):
    """The heaps after a move such as `13-2`; None where it is not legal."""
    match = re.fullmatch("([1-9][0-9]?)-([1-3])", text)
    if match is None or int(match[1]) not in heaps or int(match[2]) > int(match[1]):
        return None
    place = heaps.index(int(match[1]))
    return [heap - int(match[2]) if i == place else heap for i, heap in enumerate(heaps)]


def _wins(heaps, text):
    """A heap counts by its remainder by four; a position is lost where the exclusive or of them is 0."""
    after = _after(heaps, text)
    return after is not None and reduce(lambda total, heap: total ^ heap % 4, after, 0) == 0


def nim(question, _, answer):
    """A legal move after which the other one loses."""
    heaps = read_heaps(question)
    return heaps is not None and _wins(heaps, read_typed(answer) or "")


def nim_standing(question):
    heaps = read_heaps(question)
    return heaps and NimStanding(tuple(heaps), tuple(tuple(_remainder_steps(heap)) for heap in heaps))


def _remainder_steps(heap):
    rest, right = heap % 20, heap % 4
    steps = [f"{heap}-{heap - rest}={rest}"] if heap >= 20 else []
    return [*steps, f"{rest}-{rest - right}={right}"] if heap < 20 or rest > right else steps


@dataclass(frozen=True)
class NimStanding(Standing):
    heaps: tuple
    steps: tuple
    """For each heap, the steps that were not taken yet."""
    is_moved: bool = False

    @property
    def missing(self):
        return sum(map(len, self.steps)) + (not self.is_moved)

    def follow(self, line):
        left = line[: line.find("=") + 1]
        place = next((i for i, steps in enumerate(self.steps) if left and steps and _left_of(steps[0]) == left), None)
        if place is not None:
            is_right = line == self.steps[place][0]
            if is_right or judge_alone(line) == "wrong":
                rest = tuple(steps[1:] if i == place else steps for i, steps in enumerate(self.steps))
                return "right" if is_right else "wrong", False, replace(self, steps=rest)
        if self.missing == 1 and not self.is_moved and self._is_winning(line):
            return "right", False, replace(self, is_moved=True)
        return judge_alone(line), False, self

    def _is_winning(self, line):
        move = line[: max(0, line.find("="))]
        if not _wins(list(self.heaps), move):
            return False
        heap, taken = map(int, move.split("-"))
        return line == f"{heap}-{taken}={heap - taken}"


def _left_of(line):
    return line[: line.find("=") + 1]
