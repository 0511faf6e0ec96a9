"""Equations in one unknown, `ax+b=c`, `\\sqrt{ax+b}=c` and `\\sqrt{ax+b}=x+c`: read, written and solved exactly."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from .algebra import evaluate
from .calculations import read_sides
from .typed import read_typed

_LINEAR = "(-?[0-9]{0,4})x([+-][0-9]{1,4})?"
_EQUATION = re.compile(rf"(?:{_LINEAR}|\\sqrt\{{{_LINEAR}\}})=(?:(-?[0-9]{{1,4}})|x([+-][0-9]{{1,4}})?)")
_TYPED_ROOT = re.compile(r"(?:√|(?<!\\)sqrt|\\sqrt)(?:\(([^(){}]*)\)|\{([^(){}]*)\})")


@dataclass(frozen=True)
class Equation:
    """ax+b, under a root or not, equals x+c or c."""

    is_radical: bool
    a: int
    b: int
    is_x_right: bool
    c: int


def read_equation(question):
    """As a person types it: `√(2x+6) = x - 1`, `sqrt{x+6}=x`. None for any other text."""
    text = _TYPED_ROOT.sub(lambda match: f"\\sqrt{{{match[1] or ''}{match[2] or ''}}}", read_typed(question) or "")
    match = _EQUATION.fullmatch(text)
    if match is None:
        return None
    plain_a, plain_b, radical_a, radical_b, number, shift = match.groups()
    is_radical, is_x_right = radical_a is not None, number is None
    slope = radical_a if is_radical else plain_a
    a = int(f"{slope}1" if slope in ("", "-") else slope)
    if a == 0 or (is_x_right and not is_radical):
        return None
    b = radical_b if is_radical else plain_b
    return Equation(is_radical, a, int(b or 0), is_x_right, int(shift or 0) if is_x_right else int(number))


def write_linear(a, b):
    return f"{'' if a == 1 else '-' if a == -1 else a}x{write_term(b)}"


def write_term(number):
    """As it follows something: `+3`, `-3`, nothing for 0."""
    return f"{number:+d}" if number else ""


def write_equation(equation):
    left = write_linear(equation.a, equation.b)
    right = write_linear(1, equation.c) if equation.is_x_right else equation.c
    return f"\\sqrt{{{left}}}={right}" if equation.is_radical else f"{left}={right}"


def solve(equation):
    """The roots, the smallest first, and what solves it only once squared; None where one is irrational."""
    a, b, c = equation.a, equation.b, equation.c
    if not equation.is_x_right:
        root = Fraction((c * c if equation.is_radical else c) - b, a)
        return ([], [root]) if equation.is_radical and c < 0 else ([root], [])
    # ax+b = (x+c)². With u = x+c that is u² - au = b-ac, whose discriminant is a² + 4(b-ac).
    square = a * a + 4 * (b - a * c)
    if square < 0 or isqrt(square) ** 2 != square:
        return None
    found = [Fraction((a + sign) // 2 - c) for sign in sorted({-isqrt(square), isqrt(square)})]
    return [x for x in found if x + c >= 0], [x for x in found if x + c < 0]


# What a written line of an equation says.

_ANYWHERE = (Fraction(10_007, 7), Fraction(-10_009, 11))
"""No equation of these tasks has its root there."""


def is_same_at(sides, x):
    """Whether all sides have one value there."""
    first, *others = (evaluate(side, x) for side in sides)
    return first is not None and all(value == first for value in others)


def is_identity(line, sides):
    """Whether a line says nothing of x: it holds everywhere, or two of its sides are written alike."""
    return len(set(line.split("="))) < len(sides) or all(is_same_at(sides, x) for x in _ANYWHERE)


def read_linear_form(sides):
    """The first and the last side as (slope, offset); where x stands in the last one only, the other way round.

    None where that is no linear equation with one root.
    """
    left, right = _read_line(sides[0]), _read_line(sides[-1])
    if left is None or right is None:
        return None
    if left[0] == 0:
        left, right = right, left
    return None if left[0] == right[0] else (left, right)


def _read_line(side):
    offset, one = evaluate(side, Fraction(0)), evaluate(side, Fraction(1))
    if offset is None or one is None:
        return None
    slope = one - offset
    is_linear = all(evaluate(side, Fraction(x)) == slope * x + offset for x in (2, 3, 7))
    return (slope, offset) if is_linear else None


def read_radicand(line):
    """What stands under the root of `\\sqrt{10+6}=4`."""
    sides = read_sides(line)
    return evaluate(sides[0][:-1]) if sides and sides[0][-1] == "sqrt" else None
