"""Stories in numbers, read as people type them: `Tom has 12 apples. He buys 7 more. How many apples does Tom have?`"""

import re
from dataclasses import dataclass

from .arithmetic import result_of
from .typed import HAN, MAX_CHARACTERS, SPACE, length_of, plain, trim

_NAMES = {
    "en": ("tom", "mia", "ben", "ann", "sam", "lily"),
    "zh": ("小明", "小红", "小刚", "小丽", "小华", "小芳"),
}
_THINGS = {
    "en": ("apples", "oranges", "eggs", "balls", "cups", "shells"),
    "zh": ("苹果", "橘子", "鸡蛋", "球", "杯子", "贝壳"),
}
_VERBS = {
    "en": ("buys", "finds", "gets", "gives", "loses", "sells"),
    "zh": ("买了", "捡到", "得到", "给了", "丢了", "卖了"),
}
_SIGNS = "+++---"
_GIFT = 3
"""Somebody gets what another gives."""

_SENTENCES = {
    "en": {
        "plain": "NAME has NUMBER WHAT ",
        "boxes": "NAME has COUNT boxes (?:with|of) NUMBER WHAT (?:in )?each ",
        "event": "(?:(?:and|then) )*(?P<subject>(?:he|she|NAME) )?(?:then )?VERB NUMBER (?:more )?(?:THING )?(?:to OTHER )?",
        "more": "OTHER has NUMBER more (?:THING )?than NAME ",
        "fewer": "OTHER has NUMBER (?:fewer|less) (?:THING )?than NAME ",
        "times": "OTHER has NUMBER times as many (?:THING )?as NAME ",
        "share": "(?:he|she|NAME) puts (?:them|the THING) (?:equally )?into NUMBER bags (?:equally )?",
        "ask count": "how many WHAT does NAME have (?:now |left |in all )*\\Z",
        "ask together": "how many WHAT do they have (?:now |together |in all )*\\Z",
        "ask share": "how many WHAT are (?:there )?in each bag \\Z",
    },
    "zh": {
        "plain": "NAME有NUMBER个WHAT",
        "boxes": "NAME有COUNT盒WHAT每盒(?:有)?NUMBER个",
        "event": "(?:然后|又)?(?P<subject>他|她|NAME)?(?:又|再)?VERB(?:OTHER)?NUMBER个(?:THING)?",
        "more": "OTHER比NAME多NUMBER个",
        "fewer": "OTHER比NAME少NUMBER个",
        "times": "OTHER的THING是NAME的NUMBER倍",
        "share": "(?:他|她|NAME)?把(?:它们|THING)平均装进NUMBER个袋子",
        "ask count": "NAME(?:现在)?(?:一共)?(?:还)?有(?:几|多少)个?WHAT\\Z",
        "ask together": "他们(?:现在)?一共有(?:几|多少)个?WHAT\\Z",
        "ask share": "每个袋子(?:里)?有(?:几|多少)个?WHAT\\Z",
    },
}


def _pattern(language, sentence):
    names, things, verbs = ("|".join(words[language]) for words in (_NAMES, _THINGS, _VERBS))
    for placeholder, group in {
        "NAME": f"(?P<name>{names})",
        "OTHER": f"(?P<other>{names})",
        "THING": f"(?:{things})",
        "WHAT": f"(?P<thing>{things})",
        "VERB": f"(?P<verb>{verbs})",
        "NUMBER": "(?P<number>[0-9]{1,4})",
        "COUNT": "(?P<count>[0-9]{1,4})",
    }.items():
        sentence = sentence.replace(placeholder, group)
    return re.compile(sentence)


_PATTERNS = {
    language: {name: _pattern(language, sentence) for name, sentence in sentences.items()}
    for language, sentences in _SENTENCES.items()
}


@dataclass(frozen=True)
class Step:
    """One calculation of a story."""

    operator: str
    left: int
    right: int
    result: int | None
    """None where that is no whole number."""
    is_of_both: bool = False
    """The right number is not told: it is the result of the step before, and the left one that before it."""


def read_story(question):
    """The calculations of the story that a question tells; None if it tells none, or one that makes no sense."""
    if length_of(question) > MAX_CHARACTERS:
        return None
    text = re.sub("[.,!?;:。、]", " ", plain(question).lower())
    if re.search(f"[0-9]{SPACE}+[0-9]", text):
        return None
    language = "zh" if re.search(HAN, text) else "en"
    text = re.sub(f"{SPACE}+", "" if language == "zh" else " ", trim(text)) + ("" if language == "zh" else " ")
    steps = _Reader(text, language).story()
    return steps if steps and all(_is_sound(step) for step in steps) else None


def _is_sound(step):
    return all(number is not None and 0 < number < 2**53 for number in (step.left, step.right, step.result))


class _Reader:
    """Reads a text sentence by sentence from its beginning."""

    def __init__(self, text, language):
        self.text, self.language, self.place = text, language, 0

    def take(self, name):
        """What the sentence says, if it comes next."""
        match = _PATTERNS[self.language][name].match(self.text, self.place)
        if match is None:
            return None
        self.place = match.end()
        return {"name": None, "other": None} | match.groupdict()

    def story(self):
        first = self.take("boxes") or self.take("plain")
        if first is None:
            return None
        who, thing, events, others = first["name"], first["thing"], [], set()
        while event := self.take("event"):
            if event["name"] not in (None, who) or (event["verb"] == _VERBS[self.language][_GIFT]) != bool(event["other"]):
                return None
            events.append(event)
            others.add(event["other"])
        ending = self.ending(who, thing)
        if ending is None or self.place != len(self.text):
            return None
        others = (others | {ending.get("other")}) - {None}
        return None if len(others) > 1 or who in others else self.steps(first, events, ending)

    def ending(self, who, thing):
        """The last told sentence, if one belongs to the question, and the question."""
        if share := self.take("share"):
            asked = self.take("ask share")
            return {"by": "/", "number": share["number"]} if asked and asked["thing"] == thing else None
        for name, by in (("more", "+"), ("fewer", "-"), ("times", "*")):
            if compared := self.take(name):
                of_one = self.take("ask count")
                asked = of_one or self.take("ask together")
                if compared["name"] != who or asked is None or asked["thing"] != thing:
                    return None
                if of_one and of_one["name"] != compared["other"]:
                    return None
                return {"by": by, "number": compared["number"], "other": compared["other"], "both": not of_one}
        asked = self.take("ask count")
        return {} if asked and asked["thing"] == thing and asked["name"] == who else None

    def steps(self, first, events, ending):
        steps, value = [], int(first["number"])

        def add(operator, left, right, is_of_both=False):
            nonlocal value
            value = result_of(left, operator, right)
            steps.append(Step(operator, left, right, value, is_of_both))

        if first.get("count"):
            add("*", int(first["count"]), value)
        for event in events:
            add(_SIGNS[_VERBS[self.language].index(event["verb"])], value, int(event["number"]))
        if "by" in ending:
            own = value
            add(ending["by"], own, int(ending["number"]))
            if ending.get("both"):
                add("+", own, value, is_of_both=True)
        return steps
