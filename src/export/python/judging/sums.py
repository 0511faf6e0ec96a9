"""Steps of sums, products, sequences, programs and stories: calculations on what the question gives and what they made."""

from dataclasses import dataclass, replace

from .calculations import Value, exactly, judge_alone, read_calculation, read_sum, without
from .standing import Standing


@dataclass(frozen=True)
class Pool:
    """What is to be added up, and what the next step is expected to go on from."""

    values: tuple
    running: Value | None

    def follow(self, line):
        """The mark of a sum of some of them, and the pool with it in their place; None for any other line.

        A wrong result goes in, too, so that what follows from it follows. Where only the running number is there, the
        other one was misread: that follows from nothing, and its result runs on.
        """
        read = read_sum(line)
        if read is None:
            return None
        terms, written = read
        result = Value(written, sum(terms))
        is_true = result.right == written
        rest = without(self.values, terms)
        if rest is not None:
            return "right" if is_true else "wrong", Pool((result, *rest), result)
        if self.running is None or terms[0] not in self.running:
            return None
        others = tuple(value for value in self.values if value is not self.running)
        return "unrelated" if is_true else "wrong", Pool((result, *others), result)


def sum_standing(terms):
    values = tuple(map(exactly, terms))
    return _Sum(Pool(values, values[0]))


@dataclass(frozen=True)
class _Sum(Standing):
    pool: Pool

    @property
    def missing(self):
        return len(self.pool.values) - 1

    def follow(self, line):
        step = self.pool.follow(line)
        return (step[0], False, _Sum(step[1])) if step else (judge_alone(line), False, self)


def places_of(number):
    """The digits other than 0, each with its place: 307 → [300, 7]; of zero, zero."""
    digits = str(number)
    places = [int(digit) * 10 ** (len(digits) - 1 - i) for i, digit in enumerate(digits)]
    return [place for place in places if place] or [0]


def product_standing(a, b):
    """Each pair of places is one partial product to be written; their sums are those of a pool."""
    return _Product(tuple((left, right) for left in places_of(a) for right in places_of(b)), Pool((), None))


@dataclass(frozen=True)
class _Product(Standing):
    open: tuple
    """Pairs that no partial product has had yet."""
    pool: Pool

    @property
    def missing(self):
        return 2 * len(self.open) + len(self.pool.values) - 1

    def follow(self, line):
        partial = read_calculation(line)
        if partial is not None and partial.operator == "*":
            taken = self._pairs(partial.left, partial.right) or self._pairs(partial.right, partial.left)
            if not taken:
                return judge_alone(line), False, self
            result = partial.value
            pool = Pool((*self.pool.values, result), self.pool.running or result)
            rest = tuple(pair for pair in self.open if pair not in taken)
            return "right" if partial.is_true else "wrong", False, _Product(rest, pool)
        step = self.pool.follow(line)
        return (step[0], False, replace(self, pool=step[1])) if step else (judge_alone(line), False, self)

    def _pairs(self, left, right):
        """All pairs of the places of two numbers, `37*4` being that of 30 and that of 7; None if one is not open."""
        if not (0 <= left < 2**53 and 0 <= right < 2**53):
            return None
        pairs = {(one, other) for one in places_of(left) for other in places_of(right)}
        return pairs if pairs <= set(self.open) else None


@dataclass(frozen=True)
class SequenceStanding(Standing):
    open: tuple
    """Terms from which the step was not taken yet."""
    step: int

    @property
    def missing(self):
        return len(self.open)

    def follow(self, line):
        calculation = read_calculation(line)
        rest = tuple(term for term in self.open if not line.startswith(f"{term}{self.step:+d}="))
        if calculation is None or len(rest) == len(self.open):
            return judge_alone(line), False, self
        return "right" if calculation.is_true else "wrong", False, SequenceStanding(rest, self.step)


_F0, _F1, _F2, _FIRST, _SECOND, _CHANGE, _SQUARES, _SLOPE = range(8)
_PROGRAM_STEPS = {
    _FIRST: (_F1, _F0),
    _SECOND: (_F2, _F1),
    _CHANGE: (_SECOND, _FIRST),
    _SQUARES: (_CHANGE, None),
    _SLOPE: (_FIRST, _SQUARES),
}
"""Each step: the places of what it is the difference of, or of what it is half."""


def program_standing(outputs):
    """The differences of the outputs at 0, 1 and 2, theirs, and the coefficients that follow."""
    f0, f1, f2 = outputs
    last = _CHANGE if f2 - f1 == f1 - f0 else _SLOPE
    return _Program((*map(exactly, outputs), *[None] * len(_PROGRAM_STEPS)), last)


@dataclass(frozen=True)
class _Program(Standing):
    known: tuple
    last: int

    @property
    def missing(self):
        return self.known[_FIRST : self.last + 1].count(None)

    def follow(self, line):
        written = read_calculation(line)
        for place, (left, right) in _PROGRAM_STEPS.items():
            if written is not None and self.known[place] is None and self._is_step(written, left, right):
                known = (*self.known[:place], written.value, *self.known[place + 1 :])
                return "right" if written.is_true else "wrong", False, _Program(known, self.last)
        return judge_alone(line), False, self

    def _is_step(self, written, left, right):
        left = self.known[left]
        if left is None:
            return False
        if right is None:
            return written.operator == "/" and written.left in left and written.right == 2
        right = self.known[right]
        if right is None or written.operator not in "+-":
            return False
        subtracted = written.right if written.operator == "-" else -written.right
        return (written.left in left and subtracted in right) or (-written.left in right and -subtracted in left)


@dataclass(frozen=True)
class StoryStanding(Standing):
    steps: tuple
    """The calculations that are left, each on the results as they were written."""
    last: Value | None = None
    before: Value | None = None

    @property
    def missing(self):
        return len(self.steps)

    def follow(self, line):
        written = read_calculation(line)
        if not self.steps or written is None or written.operator != self.steps[0].operator:
            return judge_alone(line), False, self
        step, *rest = self.steps
        told = exactly(step.right)
        if step.is_of_both:
            left, right = self.before or exactly(step.left), self.last or told
        else:
            left, right = self.last or exactly(step.left), told
        fits = written.left in left and written.right in right
        if step.operator in "+*":
            fits = fits or (written.right in left and written.left in right)
        if not fits:
            return judge_alone(line), False, self
        return "right" if written.is_true else "wrong", False, StoryStanding(tuple(rest), written.value, self.last)
