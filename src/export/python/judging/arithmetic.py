"""Two numbers and the sign between them."""

from operator import add, mul, sub

PLAIN = {"+": add, "-": sub, "*": mul}
"""The signs that have a result whatever they stand between."""


def result_of(left, operator, right):
    """Of two whole numbers; None where that is no whole number."""
    if operator in PLAIN:
        return PLAIN[operator](left, right)
    return left // right if right and left % right == 0 else None
