"""Problems in the data of a follow-up are found before anybody calls."""

from dataclasses import replace

import pytest

from app.operations.follow_up_checks import FollowUpData, problems_in

GOOD = FollowUpData(
    name="安宁", phone="+86 100-1111-2222", plate="示A11111", visit_kind="repair", work_done="更换刹车片",
    consent="given", is_do_not_contact=False,
)


def test_good_data_has_no_problem() -> None:
    assert list(problems_in(GOOD)) == []
    assert list(problems_in(replace(GOOD, visit_kind="delivery", work_done="", plate=None, consent=None))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": " "}, "name is missing"),
        ({"phone": ""}, "number is missing"),
        ({"phone": "12345"}, "cannot be right"),
        ({"phone": "see card"}, "cannot be right"),
        ({"plate": None}, "plate is missing"),
        ({"work_done": " "}, "What was repaired"),
        ({"is_do_not_contact": True, "consent": "withdrawn"}, "be contacted"),
        ({"consent": "refused"}, "be called"),
        ({"consent": "withdrawn"}, "be called"),
        ({"consent": None}, "Nobody asked"),
    ],
)
def test_each_problem_is_named_once(change: dict[str, object], problem: str) -> None:
    (found,) = problems_in(replace(GOOD, **change))  # type: ignore[arg-type]
    assert problem in found
