"""JavaScript expressions of numbers, `2*x+3` or `x>1?x**2:-x`, with the values that JavaScript gives them.

Assignments, names of more than one letter, strings and the like are beyond this: an engine must run them.
"""

import math
import re

from .descent import Descent, Fails
from .typed import SPACES

_COMMENT = r"//[^\n\r\u2028\u2029]*|/\*.*?\*/"
_NUMBER = r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_OPERATOR = r">>>|===|!==|\*\*|==|!=|<=|>=|<<|>>|&&|\|\||[-+*/%&|^~!<>?:(),]"
_BEYOND = r"\+\+|--|\?\?|\?\.(?![0-9])|=>|(?:>>>|\*\*|<<|>>|[-+*/%&|^])=|=(?!=)"
_TOKEN = re.compile(
    rf"(?P<space>[{SPACES}]+|{_COMMENT})|(?P<beyond>{_BEYOND})|(?P<number>{_NUMBER})(?P<tail>[0-9A-Za-z_$]?)"
    rf"|(?P<operator>{_OPERATOR})|(?P<name>[A-Za-z_$](?![0-9A-Za-z_$]))",
    re.DOTALL,
)
_LEVELS = {"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5} | dict.fromkeys(("==", "!=", "===", "!=="), 6)
_LEVELS |= dict.fromkeys(("<", ">", "<=", ">="), 7) | dict.fromkeys(("<<", ">>", ">>>"), 8)
_LEVELS |= dict.fromkeys(("+", "-"), 9) | dict.fromkeys(("*", "/", "%"), 10)
_SIGNS = ("+", "-", "~", "!")


class Beyond(Exception):
    """It may be one, of a kind that is not read here."""


def compile(text):
    """A function of x: a finite number, or None for any other value. Raises Fails or Beyond."""
    try:
        parser = _Parser(_tokens(text))
        value = parser.conditional()
        parser.expect("")
    except RecursionError:
        raise Beyond from None

    def call(x):
        try:
            result = value(float(x))
        except Fails:
            return None
        return result if not isinstance(result, bool) and math.isfinite(result) else None

    return call


def _tokens(text):
    tokens, place, is_value = [], 0, False
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match["beyond"]:
            raise Beyond
        place = match.end()
        if match["space"]:
            continue
        if match["tail"]:
            # `0x1f`, `1_000` and `5n` are numbers; `2x` and `07` are nothing.
            raise Beyond if match["tail"] in "_n" or match["number"] == "0" and match["tail"] in "xXbBoO" else Fails
        token = match["number"] or match["operator"] or match["name"]
        if token == "/" and not is_value:
            raise Beyond  # a regular expression
        is_value = token == ")" or match["operator"] is None
        tokens.append(token)
    return tokens


class _Parser(Descent):
    """Each rule gives a function of x."""

    def conditional(self):
        test = self.binary(1)
        if not self.take("?"):
            return test
        yes = self.conditional()
        self.expect(":")
        no = self.conditional()
        return lambda x: yes(x) if _is_true(test(x)) else no(x)

    def binary(self, level):
        left = self.power()
        while (own := _LEVELS.get(self.next, 0)) >= level:
            left = _joined(self.advance(), left, self.binary(own + 1))
        return left

    def power(self):
        is_signed = self.next in _SIGNS
        base = self.unary()
        if not self.take("**"):
            return base
        if is_signed:
            raise Fails  # `-x**2` might be either
        return _joined("**", base, self.power())

    def unary(self):
        sign = self.take(*_SIGNS)
        return _signed(sign, self.unary()) if sign else self.call()

    def call(self):
        of = self.primary()
        while self.take("("):
            arguments = []
            while not self.take(")"):
                arguments.append(self.conditional())
                if self.next != ")":
                    self.expect(",")
            of = _no_function(of, arguments)
        return of

    def primary(self):
        token = self.advance()
        if token == "(":
            value = self.conditional()
            while self.take(","):
                value = _second(value, self.conditional())
            self.expect(")")
            return value
        if token == "x":
            return lambda x: x
        if re.fullmatch(_NUMBER, token):
            number = float(token)
            return lambda _: number
        if re.fullmatch("[A-Za-z_$]", token):
            return _undefined
        raise Fails


def _undefined(_):
    raise Fails


def _no_function(of, arguments):
    def call(x):
        for part in (of, *arguments):
            part(x)
        raise Fails

    return call


def _second(first, second):
    def both(x):
        first(x)
        return second(x)

    return both


def _signed(sign, of):
    if sign == "!":
        return lambda x: not _is_true(of(x))
    if sign == "~":
        return lambda x: float(~_int32(of(x)))
    return (lambda x: -float(of(x))) if sign == "-" else (lambda x: float(of(x)))


def _joined(operator, left, right):
    if operator == "&&":
        return lambda x: right(x) if _is_true(value := left(x)) else value
    if operator == "||":
        return lambda x: value if _is_true(value := left(x)) else right(x)
    apply = _OPERATORS[operator]
    return lambda x: apply(left(x), right(x))


def _is_true(value):
    return value == value and value != 0


def _int32(value):
    if not math.isfinite(value):
        return 0
    whole = int(value) & 0xFFFFFFFF
    return whole - 2**32 if whole >= 2**31 else whole


def _quotient(a, b):
    a, b = float(a), float(b)
    if b != 0:
        return a / b
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)


def _remainder(a, b):
    return math.nan if b == 0 or not math.isfinite(a) else math.fmod(a, b)


def _power(a, b):
    a, b = float(a), float(b)
    if b != b or (abs(a) == 1 and math.isinf(b)):
        return math.nan
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        # A root of a negative number; or zero to a negative power.
        return math.nan if a != 0 else math.copysign(math.inf, a) if b % 2 == 1 else math.inf


_OPERATORS = {
    "+": lambda a, b: float(a) + float(b),
    "-": lambda a, b: float(a) - float(b),
    "*": lambda a, b: float(a) * float(b),
    "/": _quotient,
    "%": _remainder,
    "**": _power,
    "|": lambda a, b: float(_int32(a) | _int32(b)),
    "^": lambda a, b: float(_int32(a) ^ _int32(b)),
    "&": lambda a, b: float(_int32(a) & _int32(b)),
    "<<": lambda a, b: float(_int32(_int32(a) << (_int32(b) & 31))),
    ">>": lambda a, b: float(_int32(a) >> (_int32(b) & 31)),
    ">>>": lambda a, b: float((_int32(a) & 0xFFFFFFFF) >> (_int32(b) & 31)),
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "===": lambda a, b: a == b and isinstance(a, bool) == isinstance(b, bool),
    "!==": lambda a, b: a != b or isinstance(a, bool) != isinstance(b, bool),
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
