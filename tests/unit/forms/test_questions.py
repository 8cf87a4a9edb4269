"""The questions of a questionnaire in a form: asked as the case's version says, answers by question id."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import forms
from tests.unit.forms.form_of import bound

ASKED = [
    {"id": "clean", "kind": "yes_no", "text": "Clean {{me}}?", "text_zh": "干净吗？", "is_required": True},
    {"id": "noise", "kind": "yes_no", "text": "Any noise?", "is_required": False, "good_answer": "no"},
    {"id": "grade", "kind": "score_10", "text": "1 to 10?", "is_required": True},
    {"id": "far", "kind": "reason", "text": "Too far", "is_required": True},
]
PART = {"type": "questions", "id": "q", "path": "answers", "label": "Questions", "questions": "=asked"}


def form(posted: dict[str, str] | None = None, **changes: object) -> forms.BoundForm:
    return bound({**PART, **changes}, posted=posted, asked=ASKED, me="x")


def test_answers_stand_in_one_context_by_question() -> None:
    answered = form({"answers.clean": "yes", "answers.noise": "", "answers.grade": "10", "answers.far": "true"})
    assert answered.validate()
    assert answered.values() == {"answers": {"clean": "yes", "noise": None, "grade": Decimal(10), "far": True}}
    again = bound(PART, draft=answered.raw(), asked=ASKED)
    assert again.values() == answered.values(), "a draft keeps them"


def test_required_questions_are_asked_for_and_scores_kept_in_bounds() -> None:
    missing = form({"answers.clean": "", "answers.noise": "", "answers.grade": "11", "answers.far": ""})
    assert not missing.validate()
    assert set(missing.errors) == {"answers.clean", "answers.grade"}
    unsaid = form({"answers.clean": "not_answered", "answers.grade": "not_answered"})
    assert unsaid.validate()


@pytest.mark.parametrize("asked", [None, [], "text", [1]])
def test_without_questions_there_is_nothing_to_answer(asked: object) -> None:
    empty = bound(PART, posted={"answers.clean": "yes"}, asked=asked)
    assert empty.validate()
    assert empty.values() == {}


def test_texts_are_those_of_the_reader_and_never_templates() -> None:
    (group,) = form().rows[0]
    labels = [rendering.label for row in group.rows for rendering in row]
    assert labels == ["Clean {{me}}?", "Any noise?", "1 to 10?", "Too far"]
    (chinese,) = bound(PART, asked=ASKED, locale="zh_CN").rows[0]
    assert chinese.rows[0][0].label == "干净吗？"
    noise = group.rows[0][1].control
    assert [choice.tone for choice in noise.choices] == ["bad", "good", ""]  # type: ignore[union-attr]


def test_a_record_to_read_shows_the_answers() -> None:
    read = bound({**PART, "readonly": True}, posted={"answers.clean": "no"}, asked=ASKED, answers={"clean": "yes"})
    (group,) = read.rows[0]
    assert group.rows[0][0].control.display == "Yes"  # type: ignore[union-attr]
    assert read.values() == {}


def test_a_component_without_an_expression_is_refused() -> None:
    with pytest.raises(forms.FormRefused):
        bound({**PART, "questions": "asked"})
