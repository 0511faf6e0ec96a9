"""Answers of the task programs: a JavaScript expression in x, tried on the cases that were shown and on hidden ones."""

import re

from . import javascript
from .typed import length_of, plain

SHOWN = (0, 1, 2)
_HIDDEN_OF_A_SIGN = 4
_MAX_HIDDEN = 200
_MAX_CHARACTERS = 200
_HIDDEN_CASES = 13
"""Purpose of the draws, as in the tab."""


def verify(question, answer):
    """Whether the answer passes all of its cases, how many it passes, and of how many."""
    polynomial = read_polynomial(question)
    hidden = _hidden_inputs(question)
    total = len(SHOWN) + len(hidden)
    if not answer or length_of(answer) > _MAX_CHARACTERS or polynomial is None:
        return False, 0, total
    a, b, c = polynomial

    def passed(inputs):
        values = javascript.values_of(plain(answer), inputs)
        return sum(value == a * x * x + b * x + c for x, value in zip(inputs, values, strict=True) if value is not None)

    shown = passed(SHOWN)
    count = shown + passed(hidden) if shown else 0
    return count == total, count, total


def read_polynomial(question):
    """(a, b, c) of ax²+bx+c through the three cases of `f(0)=3,f(1)=5,f(2)=7,f(x)=?`; None if they are not whole."""
    number = "(-?[0-9]{1,4})"
    match = re.fullmatch(rf"f\(0\)={number},f\(1\)={number},f\(2\)={number}(?:,?f\(x\)=\??)?", question)
    if match is None:
        return None
    f0, f1, f2 = map(int, match.groups())
    double = f2 - 2 * f1 + f0
    return None if double % 2 else (double // 2, f1 - f0 - double // 2, f0)


def _hidden_inputs(question):
    """The problem's own: so many of either sign, always the same."""
    sizes = {}
    keys = _pcg4d(_hash(question), _HIDDEN_CASES, 0, 0)[:3]
    counter = 0
    while len(sizes) < 2 * _HIDDEN_OF_A_SIGN:
        uniform = (_pcg4d(*keys, counter)[0] >> 8) / 2**24
        sizes[len(SHOWN) + int(uniform * (_MAX_HIDDEN - len(SHOWN) + 1))] = None
        counter += 1
    return tuple(size if i < _HIDDEN_OF_A_SIGN else -size for i, size in enumerate(sizes))


def _hash(text):
    """FNV-1a over the UTF-16 code units."""
    units = text.encode("utf-16-le", "surrogatepass")
    value = 0x811C9DC5
    for low, high in zip(units[::2], units[1::2]):
        value = ((value ^ (low | high << 8)) * 0x01000193) & 0xFFFFFFFF
    return value


def _pcg4d(x, y, z, w):
    """A hash of four numbers (Jarzynski & Olano, JCGT 9(3), 2020)."""
    x, y, z, w = ((part * 1664525 + 1013904223) & 0xFFFFFFFF for part in (x, y, z, w))
    for shift in (16, 0):
        x = (x + y * w) & 0xFFFFFFFF
        y = (y + z * x) & 0xFFFFFFFF
        z = (z + x * y) & 0xFFFFFFFF
        w = (w + y * z) & 0xFFFFFFFF
        if shift:
            x, y, z, w = (part ^ (part >> shift) for part in (x, y, z, w))
    return x, y, z, w
