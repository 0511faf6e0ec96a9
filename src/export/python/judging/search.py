"""Steps of a countdown: each takes two of the numbers that are there and leaves its result; a search may begin anew.

A step brings the end nearer if the target can still be reached after it: dead ends cost nothing and bring nothing.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from .arithmetic import result_of
from .calculations import Value, exactly, judge_alone, read_calculation, take
from .standing import Standing


def countdown_standing(numbers, target):
    return _Search(tuple(map(exactly, numbers)), target).restart()


@dataclass(frozen=True)
class _Search(Standing):
    numbers: tuple
    target: int
    tried: frozenset = frozenset()
    """Right steps of earlier attempts, each as the lines of its attempt up to it."""
    best: int = 0
    """Steps towards the target of the best attempt without a slip."""
    is_reached: bool = False
    # The attempt.
    left: tuple = ()
    path: tuple = ()
    """Its lines up to the first slip."""
    towards: int = 0
    """Steps after which the target could be reached, slips put right."""
    is_dead_end: bool = False
    is_tainted: bool = False
    """Something in it is wrong: what it reaches, it does not."""

    @property
    def missing(self):
        return 0 if self.is_reached else len(self.numbers) - 1 - max(self.best, self.towards)

    def follow(self, line):
        step = read_calculation(line)
        first = step and take(self.left, step.left)
        second = first and take(first[1], step.right)
        if not second:
            return judge_alone(line), False, self
        result = result_of(first[0].right, step.operator, second[0].right)
        left = (Value(step.result, step.result if result is None else result), *second[1])
        is_dead_end = (
            self.is_dead_end or result is None or not _can_reach(tuple(value.right for value in left), self.target)
        )
        is_tainted = self.is_tainted or not step.is_true
        path = self.path if is_tainted else (*self.path, line)
        towards = self.towards + (not is_dead_end)
        is_repeated = not is_tainted and path in self.tried
        is_reached = not is_tainted and len(left) == 1 and left[0].written == self.target
        mark = "wrong" if not step.is_true else "repeated" if is_repeated else "right"
        after = replace(
            self,
            best=self.best if is_tainted else max(self.best, towards),
            is_reached=self.is_reached or is_reached,
            left=left,
            path=path,
            towards=towards,
            is_dead_end=is_dead_end,
            is_tainted=is_tainted,
        )
        return mark, self.is_reached and mark == "right", after

    def restart(self):
        tried = self.tried | {self.path[: i + 1] for i in range(len(self.path))}
        return replace(
            self, tried=tried, left=self.numbers, path=(), towards=0, is_dead_end=False, is_tainted=False
        )


@lru_cache(maxsize=100_000)
def _can_reach(numbers, target):
    """Whether steps lead from all of the numbers to the target."""
    if len(numbers) == 1:
        return numbers[0] == target
    for i, left in enumerate(numbers):
        for j, right in enumerate(numbers):
            if i == j:
                continue
            rest = tuple(number for place, number in enumerate(numbers) if place not in (i, j))
            for operator in "+-*/":
                result = result_of(left, operator, right)
                if result is not None and _can_reach((result, *rest), target):
                    return True
    return False
