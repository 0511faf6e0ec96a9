"""The verifier of each task: whether an answer is right. An answer is the trimmed text between the answer tags."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from . import programs
from .algebra import DIGITS, evaluate, numbers_of, parse
from .nim import nim
from .typed import SPACE, length_of, plain, read_typed, trim


@dataclass(frozen=True)
class Verdict:
    correct: bool
    passed: int | None = None
    """How many of its cases the answer passes; None where an answer is not tried on cases."""
    total: int | None = None


def verify(task, question, expected, answer, rule=""):
    """`answer` is None where there is none; `rule` is that of a problem of the reader's own."""
    if task == "programs":
        return Verdict(*programs.verify(question, answer))
    if task.startswith("own"):
        return Verdict(answer is not None and is_right(answer, expected, rule or "exact"))
    return Verdict(answer is not None and VERIFIERS[task](question, expected, answer))


def whole_number(_, expected, answer):
    """`+7` is 7; `007` is none."""
    match = re.fullmatch(f"([+-]?)({DIGITS})", read_typed(answer) or "")
    return match is not None and ("-" if match[1] == "-" and match[2] != "0" else "") + match[2] == expected


def countdown(question, _, answer):
    """All of the numbers, each once, reach the target."""
    asked = read_countdown(question)
    expression = parse(read_typed(answer) or "", "arithmetic")
    if asked is None or expression is None or sorted(numbers_of(expression)) != sorted(asked[0]):
        return False
    return evaluate(expression) == asked[1]


def read_countdown(question):
    """`3,5,7=26?` → ([3, 5, 7], 26)."""
    match = re.fullmatch(r"([0-9]{1,3}(?:,[0-9]{1,3}){1,3})=([0-9]{1,4})\??", question)
    return match and ([int(number) for number in match[1].split(",")], int(match[2]))


def equations(_, expected, answer):
    """The set of all solutions: `x=1,x=-3/2`, or none."""
    found, roots = _read_roots(read_typed(answer) or ""), _read_roots(expected) or []
    return found is not None and len(found) == len(roots) and set(roots) <= set(found)


def _read_roots(text):
    if text in ("\\varnothing", "\\emptyset", "∅"):
        return []
    roots = []
    for part in text.split(",")[:3]:
        match = re.fullmatch(f"(?:x=)?([+-]?{DIGITS})(?:/({DIGITS}))?", part)
        if match is None or match[2] == "0":
            return None
        roots.append(Fraction(int(match[1]), int(match[2] or 1)))
    return roots


_REPLIES = [
    ("Hello", "你好"),
    ("I am a small model", "我是一个小模型"),
    ("I do sums and small stories", "我会算术和应用题"),
    ("You are welcome", "不客气"),
    ("Goodbye", "再见"),
    ("I do not know that", "我不知道"),
]


def small_talk(_, expected, answer):
    """Either language is right."""
    return any(answer in replies and expected in replies for replies in _REPLIES)


VERIFIERS = {
    "chained_sums": whole_number,
    "products": whole_number,
    "countdown": countdown,
    "equations": equations,
    "sequences": whole_number,
    "word_problems": whole_number,
    "small_talk": small_talk,
    "nim": nim,
}


def is_right(answer, expected, rule):
    """By the rule of a reader's own problem: the same text, the same `number`, or an `expression` of the same values."""
    if _tidy(answer) == _tidy(expected):
        return True
    if rule == "number":
        one, other = _read_number(answer), _read_number(expected)
        return one is not None and one == other
    return rule == "expression" and _is_same_expression(answer, expected)


def _tidy(text):
    return re.sub(f"{SPACE}+", " ", trim(plain(unicodedata.normalize("NFC", text))))


def _read_number(text):
    """Whole, decimal or a fraction: `0.5`, `.50`, `1/2`."""
    text = read_typed(text) or ""
    match = re.fullmatch(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:/([+-]?[0-9]+))?", text)
    if match is None or length_of(text) > 40:
        return None
    sign, whole, decimals, divisor = match[1], match[2], match[3] or "", int(match[4] or 1)
    if whole + decimals == "" or divisor == 0:
        return None
    return Fraction(int(whole + decimals), 10 ** len(decimals) * divisor) * (-1 if sign == "-" else 1)


_POINTS = [Fraction(x, part) for x in (0, 1, -1, 2, -3, 4, 9, 16, 25, 97, -113, 1009) for part in (1, 7)]


def _is_same_expression(a, b):
    left, right = parse(read_typed(a) or ""), parse(read_typed(b) or "")
    if left is None or right is None:
        return False
    values = [(evaluate(left, x), evaluate(right, x)) for x in _POINTS]
    return all(one == other for one, other in values) and any(one is not None for one, _ in values)
