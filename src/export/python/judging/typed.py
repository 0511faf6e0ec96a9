"""Text as JavaScript reads it: what white space, a letter of Chinese, a digit and a length are, whoever reads it."""

import re
from decimal import Decimal

SPACES = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
SPACE = f"[{SPACES}]"
SPACE_CHARACTERS = SPACES.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))
HAN_LETTERS = (
    "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufa6d\ufa70-\ufad9\U00016fe2-\U00016fe3\U00016ff0-\U00016ff6\U00020000-\U0002a6df\U0002a700-\U0002b81d"
    "\U0002b820-\U0002cead\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U0002f800-\U0002fa1d\U00030000-\U0003134a"
    "\U00031350-\U00033479"
)
"""Unicode's script Han, as part of a character class."""
HAN = f"[{HAN_LETTERS}]"

MAX_CHARACTERS = 500
"""Longer texts are no question and no answer of any task."""

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= {0x3000: " "} | dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE63], "-")
_PLAIN |= dict.fromkeys(map(ord, "×·⋅∙∗"), "*") | dict.fromkeys(map(ord, "÷⁄∕"), "/")

_JOINED = re.compile(f"[0-9]{SPACE}+[0-9]")


def trim(text):
    return text.strip(SPACE_CHARACTERS)


def length_of(text):
    """In UTF-16 units, as JavaScript counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain(text):
    """With ASCII for other spellings of its digits and signs: `８－３` is `8-3`."""
    return text.translate(_PLAIN)


def read_typed(text):
    """In plain characters without white space; None if that would join two numbers, or if the text is too long."""
    if length_of(text) > MAX_CHARACTERS:
        return None
    text = plain(text)
    return None if _JOINED.search(text) else re.sub(f"{SPACE}+", "", text)


def integer(digits):
    """Of any length: `int` itself refuses long ones."""
    return int(Decimal(digits))
