"""Arithmetic and algebra as text: parsed within limits and evaluated exactly, over fractions.

What is malformed, too long, too deep or too large has no value. An expression is a list in reverse Polish order: of
`2*(x+1)` it is `[2, "x", 1, "+", "*"]`.
"""

import re
from fractions import Fraction
from math import isqrt

from .arithmetic import PLAIN
from .descent import Descent, Fails
from .typed import length_of

DIGITS = "(?:0|[1-9][0-9]*)"
"""A number without leading zeros and without sign, as part of a regular expression."""

_MAX_CHARACTERS = 400
_MAX_DEPTH = 40
_MAX_MAGNITUDE = 10**60
_MAX_EXPONENT = 8
_TOKENS = re.compile(rf"(?:{DIGITS}|\\sqrt|[-+*/^(){{}}x])*")
_TOKEN = re.compile(rf"{DIGITS}|\\sqrt|[-+*/^(){{}}x]")


def parse(text, dialect="algebra"):
    """The expression, or None. `arithmetic`: numbers, + - * / and brackets. `algebra`: also x, `2x`, `^` and `\\sqrt{…}`."""
    if length_of(text) > _MAX_CHARACTERS or not _TOKENS.fullmatch(text):
        return None
    try:
        return _Parser(_TOKEN.findall(text), dialect == "algebra").whole()
    except Fails:
        return None


class _Parser(Descent):
    def __init__(self, tokens, is_algebra):
        super().__init__(tokens)
        self.is_algebra, self.depth = is_algebra, 0

    def whole(self):
        expression = self.sum()
        self.expect("")
        return expression

    def chain(self, operators, operand):
        expression = operand()
        while operator := self.take(*operators):
            expression = [*expression, *operand(), operator]
        return expression

    def sum(self):
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Fails
        expression = self.chain("+-", self.product)
        self.depth -= 1
        return expression

    def product(self):
        return self.chain("*/", self.factor)

    def factor(self):
        signs = 0
        while self.take("-"):
            signs += 1
        return [*self.side_by_side(), *["negate"] * signs]

    def side_by_side(self):
        """`2x`, `(x-1)(x+2)`: these bind closer than a division sign."""
        expression = self.power()
        while self.is_algebra and self.next in ("x", "(", "\\sqrt"):
            expression = [*expression, *self.power(), "*"]
        return expression

    def power(self):
        base = self.atom()
        if not self.is_algebra or not self.take("^"):
            return base
        exponent = self.atom()
        if len(exponent) != 1 or exponent == ["x"]:
            raise Fails
        return [*base, *exponent, "^"]

    def atom(self):
        token = self.advance()
        if token.isdigit():
            return [int(token)]
        if token == "(":
            return self.closed(")")
        if token == "x" and self.is_algebra:
            return ["x"]
        if token == "\\sqrt" and self.is_algebra:
            self.expect("{")
            return [*self.closed("}"), "sqrt"]
        raise Fails

    def closed(self, bracket):
        inner = self.sum()
        self.expect(bracket)
        return inner


def numbers_of(expression):
    return [part for part in expression if isinstance(part, int)]


def evaluate(expression, x=None):
    """The exact value; None for a division by zero, an irrational root, a number too large, an x without value."""
    stack = []
    for part in expression:
        if isinstance(part, int):
            value = Fraction(part)
        elif part == "x":
            value = x
        elif part == "negate":
            value = -stack.pop()
        elif part == "sqrt":
            value = _square_root(stack.pop())
        else:
            right, left = stack.pop(), stack.pop()
            value = _combine(part, left, right)
        if value is None or abs(value.numerator) > _MAX_MAGNITUDE or value.denominator > _MAX_MAGNITUDE:
            return None
        stack.append(value)
    return stack[0]


def _combine(operator, left, right):
    if operator in PLAIN:
        return PLAIN[operator](left, right)
    if operator == "/":
        return left / right if right else None
    return left**right.numerator if right <= _MAX_EXPONENT else None


def _square_root(square):
    if square < 0:
        return None
    root = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    return root if root * root == square else None
