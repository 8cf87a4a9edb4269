"""A user task as sample people see it, and what they send."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cli.demo_history.customers import Experience
from app.models.questionnaire import Question

Texts = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Work:
    """A user task and what its answers depend on.

    variables: plain values of the case. questions: those of its questionnaire. helpers: whom an investigator may ask.
    """

    variables: Mapping[str, object]
    questionnaire_id: str
    questions: tuple[Question, ...]
    lived: Experience
    helpers: tuple[str, ...]
    me: str
    at: datetime  # in the site's zone
    chance: random.Random


# Key of a form -> what is written into it.
Answers = Mapping[str, Callable[[Work], Texts]]


def tomorrow_morning(work: Work) -> str:
    """Ten o'clock, as a browser sends it."""
    return f"{datetime.fromordinal(work.at.toordinal() + 1).replace(hour=10):%Y-%m-%dT%H:%M}"
