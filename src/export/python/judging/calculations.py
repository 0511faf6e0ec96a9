"""Written calculations: read, and judged by themselves. A step of thinking is one of these marks:

`right` (true, and follows), `wrong` (false), `repeated`, `unrelated` (true, and follows from nothing), `unread`.
"""

import re
from dataclasses import dataclass

from .algebra import DIGITS, evaluate, parse
from .arithmetic import result_of
from .typed import integer

_CALCULATION = re.compile(f"(-?{DIGITS})([-+*/])(-?{DIGITS})=(-?{DIGITS})")
_SUM = re.compile(f"(-?{DIGITS}(?:[+-]-?{DIGITS})+)=(-?{DIGITS})")
_GARBLED = re.compile(r"(?=[^=]*=)(?=[^0-9]*[0-9])[0-9+\-*/=]+")
_MAX_SIDES = 4


@dataclass(frozen=True)
class Calculation:
    """`left operator right = result`."""

    left: int
    operator: str
    right: int
    result: int

    @property
    def is_true(self):
        return result_of(self.left, self.operator, self.right) == self.result

    @property
    def value(self):
        """Its result to go on with: of a slip, also what it should have been."""
        right = result_of(self.left, self.operator, self.right)
        return Value(self.result, self.result if right is None else right)


@dataclass(frozen=True)
class Value:
    """A number to go on with. After a slip it is two: what was written, and what would have been right."""

    written: int
    right: int

    def __contains__(self, number):
        return number in (self.written, self.right)


def exactly(number):
    return Value(number, number)


def read_calculation(line):
    match = _CALCULATION.fullmatch(line)
    return match and Calculation(integer(match[1]), match[2], integer(match[3]), integer(match[4]))


def read_sum(line):
    """`9-8+3=4` → ([9, -8, 3], 4)."""
    match = _SUM.fullmatch(line)
    if match is None:
        return None
    terms = re.findall("[+-]?-?[0-9]+", match[1])
    return [integer(term.replace("--", "").replace("+", "")) for term in terms], integer(match[2])


def take(values, number):
    """The value that is the number, slips last, and the others; None if it is not there."""
    whole = [i for i, value in enumerate(values) if value.written == number == value.right]
    either = [i for i, value in enumerate(values) if number in value]
    if not either:
        return None
    at = (whole or either)[0]
    return values[at], values[:at] + values[at + 1 :]


def without(values, numbers):
    """The values without one for each number; None if one is not there."""
    for number in numbers:
        taken = take(values, number)
        if taken is None:
            return None
        _, values = taken
    return values


def is_same_numbers(numbers, others):
    return sorted(numbers) == sorted(others)


def read_sides(line):
    """The sides of `a=b=c`; None where one of them is no algebra, or there are too few or too many."""
    sides = [parse(side) for side in line.split("=")[: _MAX_SIDES + 1]]
    return sides if 2 <= len(sides) <= _MAX_SIDES and None not in sides else None


def judge_alone(line):
    """What is said of a line by itself: true arithmetic follows from nothing yet."""
    calculation = read_calculation(line)
    if calculation is not None:
        return "unrelated" if calculation.is_true else "wrong"
    sides = None if "x" in line else read_sides(line)
    if sides is None:
        return "wrong" if _GARBLED.fullmatch(line) else "unread"
    first, *others = map(evaluate, sides)
    return "unrelated" if first is not None and all(value == first for value in others) else "wrong"
