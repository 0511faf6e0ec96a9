"""Steps of an equation: to its square, where it has a root; to ax=d; to x; and what was found is tried.

A line with x is right where all of its sides are the same at the root, and not everywhere, and its coefficients come
from the question. After a slip in a calculation of the question the root is that line's; after any other wrong line
nothing follows. Of √(ax+b)=x+c the square is written with u for x+c, u²=au+(b-ac), and each u that solves it is tried.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from .calculations import is_same_numbers, judge_alone, read_calculation, read_sides, read_sum
from .equations import (
    Equation,
    is_identity,
    is_same_at,
    read_linear_form,
    read_radicand,
    solve,
    write_equation,
    write_linear,
    write_term,
)
from .standing import Standing
from .typed import integer

_RADICAL, _LINEAR, _ISOLATED, _SOLVED = range(4)
"""How far the lines have come: x under a root, ax+b=c, ax=d, x=r."""

_RESULT = re.compile(r"x.*=-?[0-9]+\Z")


def equation_standing(equation):
    """None for an equation whose roots are no fractions."""
    solutions = solve(equation)
    if solutions is None:
        return None
    if equation.is_x_right:
        return _two_sided(equation, solutions)
    a, b = equation.a, equation.b
    c = equation.c**2 if equation.is_radical else equation.c
    first = _LINEAR if b else _SOLVED if a == 1 else _ISOLATED
    plan = {first, _SOLVED} | ({_ISOLATED} if b and a != 1 else set())
    return _OneSided(
        text=write_equation(equation),
        asked_root=[*solutions[0], *solutions[1]][0],
        a=a,
        b=b,
        c=c,
        first=first,
        plan=frozenset(plan),
        stage=_RADICAL if equation.is_radical else first,
        root=[*solutions[0], *solutions[1]][0],
        isolated=None if b else (a, c),
        is_tried=not equation.is_radical,
    )


@dataclass(frozen=True)
class _OneSided(Standing):
    text: str
    asked_root: Fraction
    a: int
    b: int
    c: int
    """ax+b=c, squared where there is a root."""
    first: int
    plan: frozenset
    """The stages that the lines of a solution come to."""
    stage: int
    root: Fraction
    isolated: tuple | None
    """a and d of the last ax=d."""
    is_tried: bool
    """Whether what was found was put under the root."""
    is_open: bool = False
    """What the last step came to is not yet written as a number: `3x=22-1`, `22-1=21`."""

    @property
    def missing(self):
        return sum(planned > self.stage for planned in self.plan) + (not self.is_tried)

    def follow(self, line):
        kind = self._line if "x" in line else self._trial if "\\sqrt" in line else self._calculation
        step = kind(line)
        if isinstance(step, str):
            return step, step == "right", self
        is_right, after = step
        is_nearer = is_right and after.missing < self.missing
        ends = _RESULT.search(line) is not None
        is_idle = is_right and not is_nearer and not (self.is_open and ends)
        after = replace(after, is_open=is_nearer and not ends and "\\sqrt" not in line)
        return "right" if is_right else "wrong", is_idle, after

    def _line(self, line):
        sides = read_sides(line)
        if sides is None:
            return judge_alone(line)
        if line == self.text:
            return "repeated"
        if is_identity(line, sides):
            return "unrelated"
        form = read_linear_form(sides)
        reached = form and self._stage_of(*form)
        held = next((root for root in (self.asked_root, self.root) if is_same_at(sides, root)), None)
        if held is None:
            return "wrong" if reached is None else self._slip(line, reached)
        if form is None:
            return "right" if "\\sqrt" in line else "unrelated"
        (slope, offset), right = form
        if reached is None:
            return "right" if slope - right[0] in (self.a, -self.a, 1, -1) else "unrelated"
        isolated = self.isolated if offset else (slope, right[1])
        return True, replace(self, stage=max(self.stage, reached), root=held, isolated=isolated)

    def _stage_of(self, left, right):
        """How far a line has come whose coefficients are the question's, or that divided by a; None for any other."""
        if right[0] != 0:
            return None
        if left == (1, 0):
            return _SOLVED
        if self.b and left == (self.a, self.b):
            return _LINEAR
        return _ISOLATED if left in ((self.a, 0), (-self.a, 0), (1, Fraction(self.b, self.a))) else None

    def _slip(self, line, reached):
        """`3x=22-1=20`: the calculation is there, and only its result is wrong. A wrong square was a square."""
        if self.stage == _RADICAL and reached == self.first:
            return False, replace(self, stage=reached)
        step = self._calculation(line[line.index("=") + 1 :])
        return step if not isinstance(step, str) and not step[0] and step[1].stage == reached else "wrong"

    def _calculation(self, line):
        """`22-1=21` for 3x+1=22, then `21/3=7`."""
        read = read_sum(line)
        if read and self.stage == _LINEAR and is_same_numbers(read[0], [self.c, -self.b]):
            terms, result = read
            stage = _SOLVED if self.a == 1 else _ISOLATED
            after = replace(self, stage=stage, root=Fraction(result, self.a), isolated=(self.a, result))
            return sum(terms) == result, after
        quotient = read_calculation(line)
        is_division = quotient is not None and quotient.operator == "/"
        if not is_division or self.isolated != (quotient.right, quotient.left) or self.stage == _RADICAL:
            return judge_alone(line)
        is_right = quotient.left == quotient.right * quotient.result
        return is_right, replace(self, stage=_SOLVED, root=Fraction(quotient.result))

    def _trial(self, line):
        """`\\sqrt{25}=5`: what was found, put under the root."""
        radicand = read_radicand(line)
        if radicand is None or radicand not in (self.c, self.a * self.root + self.b):
            return judge_alone(line)
        after = replace(self, is_tried=self.is_tried or self.stage == _SOLVED)
        return judge_alone(line) != "wrong", after


def _two_sided(equation, solutions):
    a, b, c = equation.a, equation.b, equation.c
    sides = [int(root) + c for root in (*solutions[0], *solutions[1])]
    goals = ["square"] * (c != 0) + ["product"] * (c != 0 and a != 1) + ["sum"] * (c != 0 and b != 0) + ["in side"]
    goals += [(kind, side) for side in sides for kind in ("side", "root")]
    side = write_linear(1, c) if c == 0 else f"({write_linear(1, c)})"
    return _TwoSided(equation, *map(tuple, solutions), side, tuple(goals), a * abs(c), b - a * c)


@dataclass(frozen=True)
class _TwoSided(Standing):
    equation: Equation
    roots: tuple
    extraneous: tuple
    side: str
    """`(x-1)`, or `x`."""
    open: tuple
    """Goals that are not met."""
    product: int
    """a·|c| as it was written."""
    rest: int
    """b-ac as it was written."""
    tried: tuple | None = None
    """The u that is being tried, and its x as it was written."""

    @property
    def missing(self):
        return len(self.open)

    def follow(self, line):
        step = self._line(line) if "x" in line else self._numbers(line)
        if isinstance(step, str):
            return step, step == "right", self
        goal, is_right, changes = step
        is_idle = is_right and goal not in self.open
        after = replace(self, open=tuple(other for other in self.open if other != goal), **changes)
        return "right" if is_right else "wrong", is_idle, after

    def _line(self, line):
        linear, squared = write_linear(self.equation.a, self.equation.b), f"{self.side}^2"
        if self.side != "x" and line in (f"{linear}={squared}", f"{squared}={linear}"):
            return "square", True, {}
        in_side = f"{squared}={write_linear(self.equation.a, 0).replace('x', self.side, 1)}"
        if line == in_side + write_term(self.rest):
            return "in side", True, {}
        sides = read_sides(line)
        if sides is None:
            return judge_alone(line)
        if line == write_equation(self.equation):
            return "repeated"
        if is_identity(line, sides):
            return "unrelated"
        if all(is_same_at(sides, x) for x in (*self.roots, *self.extraneous)):
            return "right"
        if self.roots and read_linear_form(sides) is not None and all(is_same_at(sides, x) for x in self.roots):
            return "right"
        is_slip = re.fullmatch("[+-][0-9]+", line.replace(in_side, "", 1))
        return ("in side", False, {}) if is_slip else "wrong"

    def _numbers(self, line):
        a, b, c = self.equation.a, self.equation.b, self.equation.c
        if "\\sqrt" in line:
            return self._root(line)
        if c == 0:
            side = integer(line) if re.fullmatch("-?[0-9]+", line) else None
            return self._side(side, line, side)
        product = read_calculation(line)
        if product is not None and product.operator == "*":
            if not is_same_numbers([product.left, product.right], [a, abs(c)]):
                return judge_alone(line)
            rest = b + (-product.result if c > 0 else product.result)
            return "product", product.result == a * abs(c), {"product": product.result, "rest": rest}
        read = read_sum(line)
        if read is None:
            return judge_alone(line)
        terms, result = read
        moved = -self.product if c > 0 else self.product
        if "sum" in self.open and is_same_numbers(terms, [b, moved]):
            return "sum", sum(terms) == result, {"rest": result}
        if len(terms) != 2 or -c not in terms:
            return judge_alone(line)
        return self._side(terms[1 - terms.index(-c)], line, result)

    def _side(self, side, line, x):
        """`5+1=6` for u=5 where c is -1: x of a u that solves u²=au+rest; of a c that is 0, only `5`."""
        if ("side", side) not in self.open:
            return judge_alone(line)
        return ("side", side), judge_alone(line) != "wrong", {"tried": (side, x)}

    def _root(self, line):
        """`\\sqrt{10+6}=4`, of what is being tried."""
        radicand = read_radicand(line)
        if radicand is None or self.tried is None or radicand != self.equation.a * self.tried[1] + self.equation.b:
            return judge_alone(line)
        return ("root", self.tried[0]), judge_alone(line) != "wrong", {}
