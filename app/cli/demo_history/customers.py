"""What customers lived through and say when called: a bad time, a cause that comes again, a measure that works.

Workshop places run short in the sixth and fifth month before today: cars are late and people complain. Then
appointments are spread, and from the third month on it is better than before. Air conditioning is cleaned badly every
summer.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.models.questionnaire import HIGHEST_SCORES, NO, NOT_ANSWERED, REASON, YES, YES_NO, Question
from app.visit_files.sample import AIR_CONDITIONING

# Months before today: measures are set when the report on the second bad month is analysed.
BAD_MONTHS, MEASURES_SET, BETTER_FROM = (6, 5), 4, 3
_YES = 0.95
_LATE: Mapping[bool, float] = {True: 0.55, False: 0.86}
_ON_TIME_AFTER = 0.97
_BADLY_CLEANED = 0.55
COMPLAINTS: Mapping[str, tuple[str, ...]] = {
    "on_time": ("约好下午三点取车，等到快六点才交车。", "说好当天能修好，结果第二天才通知取车，也没有人提前打电话。"),
    "quality": ("空调清洗后开起来还是有异味。", "刹车片换了以后还是有响声，又跑了一趟。"),
    "price": ("结算时比报价多了三百多元，没有人解释多在哪里。",),
    "reception": ("进店等了二十分钟没有人接待。",),
    "attitude": ("问价格时态度不耐烦。",),
    "cleanliness": ("交车时车里脚垫上都是油污。",),
    "parts": ("换下来的旧件没有给看。",),
    "other": ("休息区太吵。",),
}
SUGGESTIONS = ("希望能在微信上预约。", "周末多开一个接待窗口。", "取车前先发个短信。", "")


@dataclass(frozen=True, slots=True)
class Experience:
    """What a visit was like: how many months ago, and what was done."""

    months_ago: int
    work_done: str


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says on the telephone."""

    answers: dict[str, str]
    satisfaction: str
    complaint_level: str
    problem_kind: str
    complaint: str
    suggestion: str


def share_of_yes(problem_kind: str | None, lived: Experience) -> float:
    """How many of a hundred are content, as a share."""
    if problem_kind == "on_time":
        return _ON_TIME_AFTER if lived.months_ago <= BETTER_FROM else _LATE[lived.months_ago in BAD_MONTHS]
    if problem_kind == "quality" and AIR_CONDITIONING in lived.work_done:
        return _BADLY_CLEANED
    return _YES


def told(questions: Iterable[Question], lived: Experience, chance: random.Random) -> Told:
    """The answers to the questions of a questionnaire, and what follows from them."""
    answers, problems = {}, []
    for question in questions:
        is_content = chance.random() < share_of_yes(question.problem_kind, lived)
        answers[question.id] = _answer(question, chance, is_content=is_content)
        if not is_content and question.kind != REASON:
            problems.append(question.problem_kind or "other")
    satisfaction = ("satisfied", "acceptable", "dissatisfied")[min(len(problems), 2)]
    if problems and chance.random() < 0.3:
        satisfaction = "dissatisfied"
    kind = problems[0] if problems else "other"
    return Told(
        answers, satisfaction, _complaint_level(satisfaction, chance), kind, chance.choice(COMPLAINTS[kind]),
        chance.choice(SUGGESTIONS) if chance.random() < 0.2 else "",
    )  # fmt: skip


def _answer(question: Question, chance: random.Random, *, is_content: bool) -> str:
    if question.kind == REASON:
        return YES if chance.random() < 0.25 else ""
    if question.kind == YES_NO:
        if is_content and chance.random() < 0.02:
            return NOT_ANSWERED
        good = question.good_answer or YES
        return good if is_content else {YES: NO, NO: YES}[good]
    highest = HIGHEST_SCORES[question.kind]
    return str(chance.choice((highest, highest, highest - 1)) if is_content else chance.randint(1, highest // 2))


def _complaint_level(satisfaction: str, chance: random.Random) -> str:
    minor, major = {"satisfied": (0.0, 0.0), "acceptable": (0.25, 0.0), "dissatisfied": (0.5, 0.25)}[satisfaction]
    drawn = chance.random()
    return "major" if drawn < major else "minor" if drawn < major + minor else "none"
