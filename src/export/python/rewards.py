"""The rewards of this job, as plain functions: for TRL (`REWARDS`, `of_job`) and for veRL (`compute_score`).

Each reward judges one completion, and is None where it does not apply. Weights stand in `rewards.json` beside this file.
Standard library only; a reward of the reader's own (`own_reward.js`) needs the package `quickjs`.
"""

import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import floor
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from judging import javascript  # noqa: E402
from judging.steps import count_words, process_score  # noqa: E402
from judging.typed import HAN, HAN_LETTERS, SPACE, SPACES, trim  # noqa: E402
from judging.verifiers import verify  # noqa: E402

_UNTAGGED = "(?:(?!</?(?:think|answer)>).)*"
_WELL_FORMED = re.compile(
    f"{SPACE}*<think>{_UNTAGGED}</think>{SPACE}*<answer>{_UNTAGGED}</answer>{SPACE}*", re.DOTALL
)
_verify = lru_cache(maxsize=10_000)(verify)


@dataclass
class Sample:
    """One completion and what it answers."""

    text: str
    task: str
    question: str
    expected: str
    rule: str = ""
    """How an answer to a problem of the reader's own is compared: `exact`, `number`, `expression`."""
    num_tokens: int | None = None
    """The end token included; None where nobody says."""
    max_tokens: int | None = None

    @cached_property
    def thinking(self):
        """Text between the first think tags; None without both."""
        return _between(self.text, "<think>", "</think>")

    @cached_property
    def answer(self):
        """Trimmed text between the first answer tags after the thinking; None without both."""
        end = 0 if self.thinking is None else self.text.index("</think>", self.text.index("<think>"))
        answer = _between(self.text[end:], "<answer>", "</answer>")
        return None if answer is None else trim(answer)

    @property
    def is_well_formed(self):
        """One think block, then one answer block, and nothing else."""
        return _WELL_FORMED.fullmatch(self.text) is not None

    @property
    def verdict(self):
        return _verify(self.task, self.question, self.expected, self.answer, self.rule)


def _between(text, opening, closing):
    _, found, rest = text.partition(opening)
    inner, closed, _ = rest.partition(closing)
    return inner if found and closed else None


def accuracy(sample):
    """1 for a right answer."""
    return float(sample.verdict.correct)


def cases_passed(sample):
    """The share of its cases that an answer passes, where it is tried on cases."""
    return None if sample.verdict.total is None else sample.verdict.passed / sample.verdict.total


def format(sample):
    """1 for one think block followed by one answer block."""
    return float(sample.is_well_formed)


def language_consistency_en(sample):
    """The share of English among the words of the thinking (DeepSeek-R1, stage 2)."""
    return _language_share(sample, "en")


def language_consistency_zh(sample):
    """The share of Chinese."""
    return _language_share(sample, "zh")


def language_of_question(sample):
    """The share of the question's language."""
    return _language_share(sample, "zh" if re.search(HAN, sample.question) else "en")


def _language_share(sample, language):
    words = count_words(sample.thinking or "")
    total = words["en"] + words["zh"]
    return words[language] / total if total else None


def process(sample):
    """Right steps of the thinking, as a share of all that are needed or were written."""
    return process_score(sample.task, sample.question, sample.thinking or "")


def repetition(sample):
    """Minus the share of three words in a row that were there before (Open-R1, arXiv 2502.03373)."""
    words = re.findall(f"{HAN}+|[^{SPACES}{HAN_LETTERS}]+", sample.text.lower())
    triples = [*zip(words, words[1:], words[2:])]
    return len(set(triples)) / len(triples) - 1 if triples else 0.0


def soft_overlong(sample):
    """From 0 at four fifths of the length limit to -1 at the limit (DAPO, arXiv 2503.14476, eq. 13)."""
    if sample.num_tokens is None or sample.max_tokens is None:
        return None
    cache = max(1, floor(sample.max_tokens * 0.2 + 0.5))
    excess = sample.num_tokens - (sample.max_tokens - cache)
    return -min(1.0, excess / cache) if excess > 0 else 0.0


def custom(sample):
    """The reader's own: `reward(sample)` of own_reward.js."""
    verdict = sample.verdict
    cases = None if verdict.total is None else {"passed": verdict.passed, "total": verdict.total}
    told = {
        "question": sample.question,
        "expected": sample.expected,
        "completion": sample.text,
        "thinking": sample.thinking,
        "answer": sample.answer,
        "correct": verdict.correct,
        "wellFormed": sample.is_well_formed,
        "cases": cases,
        "numTokens": sample.num_tokens,
        "maxTokens": sample.max_tokens,
        "truncated": sample.num_tokens is not None and sample.num_tokens == sample.max_tokens,
    }
    return javascript.score((FOLDER / "own_reward.js").read_text("utf-8"), told)


SCORES = {
    score.__name__: score
    for score in (
        accuracy,
        cases_passed,
        format,
        language_consistency_en,
        language_consistency_zh,
        language_of_question,
        process,
        repetition,
        soft_overlong,
        custom,
    )
}
"""Each reward, of one Sample."""


def for_trl(name, max_completion_length=None, render=None):
    """The reward as TRL calls it: a list for a batch, from the columns of the data.

    `render` writes a list of messages as the model reads it; without it none is taken to open the thought.
    """

    def reward(prompts, completions, task, question, answer, rule=None, completion_ids=None, **_):
        rules, ids = rule or [""] * len(completions), completion_ids or [None] * len(completions)
        return [
            SCORES[name](
                Sample(
                    text=opening_of(prompt, render) + _text_of(completion),
                    task=of_task,
                    question=asked,
                    expected=expected,
                    rule=by_rule or "",
                    num_tokens=None if tokens is None else len(tokens),
                    max_tokens=max_completion_length,
                )
            )
            for prompt, completion, of_task, asked, expected, by_rule, tokens in zip(
                prompts, completions, task, question, answer, rules, ids, strict=True
            )
        ]

    reward.__name__ = name
    return reward


REWARDS = {name: for_trl(name) for name in SCORES}
"""Each reward as TRL calls it, of a job that limits no length."""


def job_rewards(path=FOLDER / "rewards.json"):
    """What the job says of its rewards: `[{"name": "accuracy", "weight": 1}, …]`."""
    entries = json.loads(Path(path).read_text("utf-8"))
    for entry in entries:
        if entry["name"] not in SCORES:
            raise ValueError(f"{path} names the reward {entry['name']!r}; there are {', '.join(SCORES)}.")
    return entries


def of_job(path=FOLDER / "rewards.json", max_completion_length=None, render=None):
    """The job's rewards: their names, their functions for TRL, and their weights."""
    entries = job_rewards(path)
    names = [entry["name"] for entry in entries]
    if "custom" in names:
        javascript.require()
    lengths = [max_completion_length or entry.get("max_completion_length") for entry in entries]
    functions = [for_trl(name, length, render) for name, length in zip(names, lengths, strict=True)]
    return names, functions, [float(entry["weight"]) for entry in entries]


_rewards_beside = lru_cache(maxsize=1)(job_rewards)


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """The weighted sum as veRL asks for it, with each reward beside it; veRL tells no number of tokens."""
    told = extra_info or {}
    sample = Sample(
        text=solution_str,
        task=told.get("task") or data_source,
        question=told["question"],
        expected=ground_truth,
        rule=told.get("rule") or "",
    )
    weights = {entry["name"]: entry["weight"] for entry in _rewards_beside()}
    scores = {name: SCORES[name](sample) or 0.0 for name in weights}
    total = sum(weight * scores[name] for name, weight in weights.items())
    return {"score": total, "acc": accuracy(sample), **scores}


def opening_of(prompt, render=None):
    """A prompt that opens the thought, as some chat templates do, leaves its tag to what follows."""
    text = prompt if isinstance(prompt, str) else render(prompt) if render else ""
    return "<think>" if text.rfind("<think>") > text.rfind("</think>") else ""


def _text_of(completion):
    """TRL gives a text for a text, and messages for messages."""
    return completion if isinstance(completion, str) else completion[-1]["content"]
