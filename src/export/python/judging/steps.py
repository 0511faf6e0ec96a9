"""The thinking, taken apart into its steps, each judged as it stands when it is written, and what they come to together."""

import re
from dataclasses import dataclass, replace

from .calculations import judge_alone
from .equation_steps import equation_standing
from .equations import read_equation
from .nim import nim_standing
from .programs import read_polynomial
from .search import countdown_standing
from .standing import Standing
from .stories import read_story
from .sums import SequenceStanding, StoryStanding, product_standing, program_standing, sum_standing
from .typed import HAN, SPACE_CHARACTERS, SPACES, integer, read_typed
from .verifiers import read_countdown

# A single letter is a variable and a name after a backslash a TeX command: neither is a word. Chinese is written
# without spaces and most of its words have two characters.
_ENGLISH = r"(?<![\\A-Za-z])[A-Za-z]{2,}"
_CHINESE = f"{HAN}{{1,2}}"
_MARKS = ".,:;，。：；"
_PUNCTUATION = f"[{SPACES}{_MARKS}]"
_STEP_START = re.compile(f"(?:(?:{_ENGLISH}|{_CHINESE}){_PUNCTUATION}*)+|(?<=[;\n])")
_LEADING_WORDS = re.compile(f"(?:{_ENGLISH}|{_CHINESE}|{_PUNCTUATION})+")
_SPACE_BEFORE = SPACE_CHARACTERS.replace("\n", "")


def count_words(text):
    return {"en": len(re.findall(_ENGLISH, text)), "zh": len(re.findall(_CHINESE, text))}


def split_steps(thinking):
    """Each with its words, and bare: a step begins at its words, on a new line or after a semicolon."""
    cuts, end = {0, len(thinking)}, 0
    for match in _STEP_START.finditer(thinking):
        start = match.start()
        while match[0] and start > end and thinking[start - 1] in _SPACE_BEFORE:
            start -= 1
        cuts.add(start)
        end = match.end()
    places = sorted(cuts)
    texts = [thinking[start:end] for start, end in zip(places, places[1:])]
    return [(text, _bare(text)) for text in texts]


def _bare(text):
    """Without its words and the punctuation after it."""
    words = _LEADING_WORDS.match(text)
    line = text[words.end() if words else 0 :].rstrip(SPACE_CHARACTERS + _MARKS)
    typed = read_typed(line)
    return line if typed is None else typed


_FREE_CORRECTIONS = 2
"""How often one step may be taken back at no cost. More is guessing."""


@dataclass(frozen=True)
class Progress:
    standing: Standing
    done: int = 0
    """Right steps that brought the end nearer by one."""
    worth: float = 0.0
    """The same steps, each weighed by half for every step before it that does not follow."""
    bad: int = 0
    """Steps that are not right, or idle, and were not taken back; and corrections beyond those allowed."""
    slips: int = 0

    def after(self, mark, is_idle, standing):
        """Who leaps over steps is not paid for them."""
        is_right = mark == "right"
        is_paid = is_right and self.standing.missing - standing.missing == 1
        return Progress(
            standing,
            self.done + is_paid,
            self.worth + (0.5**self.slips if is_paid else 0),
            self.bad + (not is_right or is_idle),
            self.slips + (not is_right and mark != "repeated"),
        )


def judge_steps(steps, start):
    """`wait` takes the step before it back, where it writes that step again; `back` begins a search anew."""
    now, seen, last = Progress(start), set(), None
    for text, line in steps:
        if "back" in text or "回去" in text:
            now = replace(now, standing=now.standing.restart())
        if line == "":
            continue
        left, corrections = line[: line.rfind("=") + 1], 0
        if ("wait" in text or "等等" in text) and last is not None and left != "" and last[0] == left:
            _, before, corrections = last
            corrections += 1
            now = replace(before, bad=before.bad + (corrections > _FREE_CORRECTIONS))
        mark, is_idle, standing = now.standing.follow(line)
        if (is_idle or mark == "unrelated") and line in seen:
            mark = "repeated"
        last = left, now, corrections
        seen.add(line)
        now = now.after(mark, is_idle, standing)
    return now


def process_score(task, question, thinking):
    """Right steps that brought the end nearer, of all that are needed or were written; None where none is needed."""
    start = standing_of(task, question)
    if start is None or start.missing == 0:
        return None
    end = judge_steps(split_steps(thinking), start)
    return end.worth / max(start.missing, end.done + end.bad + end.standing.missing)


def standing_of(task, question):
    """Where thinking about a question begins; None where its task needs no steps, or cannot read it."""
    if task in _STANDINGS:
        return _STANDINGS[task](question)
    if not task.startswith("own"):
        return None
    # A problem of the reader's own: the first task that reads it.
    return next((found for read in _STANDINGS.values() if (found := read(question)) is not None), None)


def _chained_sums(question):
    text = re.sub(r"=?\?*\Z", "", read_typed(question) or "", count=1)
    if not re.fullmatch("-?[0-9]+(?:[+-][0-9]+)+", text):
        return None
    terms = [re.sub("^([+-]?)0+(?=[0-9])", r"\1", term) for term in re.findall("[+-]?[0-9]+", text)]
    return None if max(map(len, terms)) > 10 else sum_standing([integer(term) for term in terms])


def _products(question):
    match = re.fullmatch(r"([0-9]{1,6})\*([0-9]{1,6})(?:=\??|\?)?", read_typed(question) or "")
    return match and product_standing(int(match[1]), int(match[2]))


def _countdown(question):
    asked = read_countdown(read_typed(question) or "")
    return asked and countdown_standing(*asked)


def _equations(question):
    equation = read_equation(question)
    return equation and equation_standing(equation)


def _programs(question):
    polynomial = read_polynomial(read_typed(question) or "")
    if polynomial is None:
        return None
    a, b, c = polynomial
    return program_standing([a * x * x + b * x + c for x in (0, 1, 2)])


def _sequences(question):
    text = read_typed(question) or ""
    if not re.fullmatch(r"-?[0-9]{1,6}(?:,-?[0-9]{1,6}){2,15}(?:,\??|\?)?", text):
        return None
    terms = [int(term) for term in re.findall("-?[0-9]+", text)]
    step = terms[1] - terms[0]
    is_even = all(after - before == step for before, after in zip(terms, terms[1:]))
    return SequenceStanding(tuple(terms), step) if is_even and step else None


def _word_problems(question):
    steps = read_story(question)
    return steps and StoryStanding(tuple(steps))


_STANDINGS = {
    "chained_sums": _chained_sums,
    "products": _products,
    "countdown": _countdown,
    "equations": _equations,
    "programs": _programs,
    "sequences": _sequences,
    "word_problems": _word_problems,
    "nim": nim_standing,
}
"""In the order in which the tasks are asked."""
