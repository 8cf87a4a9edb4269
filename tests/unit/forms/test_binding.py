"""Initial values, conditions, what may be written, groups, lists, drafts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import forms
from tests.unit.forms.form_of import bound, part

KIND = part("radio", "kind", values=[{"value": "x"}, {"value": "y"}])
ONLY_FOR_X = part("textfield", "b", conditional={"hide": '=kind != "x"'}, validate={"required": True})


def names(form: forms.BoundForm) -> list[str]:
    return [rendering.name for row in form.rows for rendering in row]


def test_starts_with_the_value_of_the_case_else_with_the_default() -> None:
    assert bound(part("textfield", defaultValue="d"), a="case").values() == {"a": "case"}
    assert bound(part("textfield", defaultValue="d"), a=None).values() == {"a": "d"}
    assert bound(part("textfield", defaultValue="=b + 1"), b=1).values() == {"a": Decimal(2)}
    fresh = part("textfield", defaultValue="d", properties={"prefill": "never"})
    assert bound(fresh, a="case").values() == {"a": "d"}


@pytest.mark.parametrize("how", [{"readonly": True}, {"disabled": True}, {"readonly": "=me.id = 1"}])
def test_what_may_only_be_read_is_not_written(how: dict[str, object]) -> None:
    form = bound(part("textfield", validate={"required": True}, **how), posted={"a": "sent"}, a="case", me={"id": 1})
    assert form.validate()
    assert form.values() == {}
    (rendering,) = form.rows[0]
    assert rendering.is_readonly
    assert rendering.control is not None
    assert rendering.control.display == "case"


def test_what_is_hidden_is_neither_asked_for_nor_written() -> None:
    form = bound(KIND, ONLY_FOR_X, posted={"kind": "y", "b": "sneaked in"})
    assert form.validate()
    assert form.values() == {"kind": "y"}
    assert names(form) == ["kind"]
    shown = bound(KIND, ONLY_FOR_X, posted={"kind": "x", "b": ""})
    assert not shown.validate()
    assert list(shown.errors) == ["b"]


def test_a_condition_may_look_down_the_form() -> None:
    assert names(bound(ONLY_FOR_X, KIND, posted={"kind": "x"})) == ["b", "kind"]
    assert names(bound(ONLY_FOR_X, KIND, posted={"kind": "y"})) == ["kind"]


def test_what_depends_on_something_hidden_sees_nothing() -> None:
    last = part("textfield", "c", conditional={"hide": "=b != null"})
    assert names(bound(KIND, ONLY_FOR_X, last, posted={"kind": "y", "b": "old"})) == ["kind", "c"]


def test_what_was_hidden_when_the_page_was_made_starts_with_its_default() -> None:
    newly_shown = {**ONLY_FOR_X, "defaultValue": "d"}
    form = bound(KIND, newly_shown, posted={"kind": "x"})
    assert form.values() == {"kind": "x", "b": "d"}


def test_undeclared_names_are_dropped() -> None:
    form = bound(part("textfield"), posted={"a": "1", "salary": "2", "caller_id": "3"})
    assert form.values() == {"a": "1"}
    assert form.raw() == {"a": "1"}


def test_computed_values_come_from_the_server() -> None:
    total = part("expression", "total", expression="=a * 2")
    form = bound(part("number"), total, posted={"a": "4", "total": "1"})
    assert form.values() == {"a": Decimal(4), "total": Decimal(8)}


def test_values_of_a_group_with_a_path_stand_in_a_context() -> None:
    group = {"type": "group", "id": "g", "path": "p", "components": [part("textfield"), part("textfield", "b")]}
    form = bound(group, posted={"p.a": "1", "p.b": ""}, p={"a": "old", "kept": True})
    assert form.values() == {"p": {"a": "1", "b": None}}
    assert bound(group, p={"a": "old"}).values() == {"p": {"a": "old", "b": None}}


LINES = {
    "type": "dynamiclist", "id": "l", "path": "lines", "defaultRepetitions": 2,
    "components": [part("textfield", "name", validate={"required": True}), part("checkbox", "done")],
}


def test_a_dynamic_list_is_a_list_of_contexts() -> None:
    assert len(bound(LINES).rows[0][0].items) == 2
    assert bound(LINES, lines=[{"name": "p", "done": True}]).values() == {"lines": [{"name": "p", "done": True}]}
    sent = {"lines-0-name": "p", "lines-0-done": "", "lines-4-name": "q", "lines-4-done": ["", "true"]}
    form = bound(LINES, posted=sent, lines=[])
    assert form.validate()
    assert form.values() == {"lines": [{"name": "p", "done": False}, {"name": "q", "done": True}]}


def test_items_are_added_and_removed_by_buttons() -> None:
    sent: dict[str, str | list[str]] = {"lines-0-name": "p", "lines-0-_item": "1", "lines-1-name": "q"}
    added = bound(LINES, posted={**sent, "_add": "lines"})
    assert [item.name for item in added.rows[0][0].items] == ["lines-0", "lines-1", "lines-2"]
    removed = bound(LINES, posted={**sent, "_remove": "lines-0"})
    assert removed.values() == {"lines": [{"name": "q", "done": False}]}
    assert not bound(LINES, posted={**sent, "lines-1-name": ""}).validate()


def test_a_list_may_need_an_item() -> None:
    needed = {**LINES, "defaultRepetitions": 0, "properties": {"items": "required"}}
    empty = bound(needed, posted={})
    assert set(empty.errors) == set()
    assert not empty.validate()
    assert set(empty.errors) == {"lines-0-name"}
    (shown,) = empty.rows[0]
    assert (len(shown.items), shown.can_add, shown.can_remove) == (1, True, False)
    (two,) = bound(needed, lines=[{"name": "p"}, {"name": "q"}]).rows[0]
    assert two.can_remove
    assert bound({**LINES, "defaultRepetitions": 0}, posted={}).values() == {"lines": []}


def test_a_list_that_is_read_shows_the_case_and_gives_nothing() -> None:
    shown = {**LINES, "readonly": True, "components": [part("textfield", "name", readonly=True)]}
    form = bound(shown, posted={"lines-0-name": "changed", "lines-7-_item": "1"}, lines=[{"name": "p"}, {"name": "q"}])
    (items,) = form.rows[0]
    controls = [item.rows[0][0].control for item in items.items]
    assert [control.text for control in controls if control] == ["p", "q"]
    assert (form.values(), items.can_add) == ({}, False)
    assert bound(shown).rows[0][0].items == []


def test_conditions_in_a_list_see_their_own_item() -> None:
    inner = part("textfield", "why", conditional={"hide": "=done != true"})
    lines = {**LINES, "components": [part("checkbox", "done"), inner]}
    form = bound(lines, posted={"lines-0-done": ["", "true"], "lines-1-done": ""})
    shown = [[part.name for row in item.rows for part in row] for item in form.rows[0][0].items]
    assert shown == [["lines-0-done", "lines-0-why"], ["lines-1-done"]]


def test_a_draft_brings_back_what_was_typed_even_if_wrong() -> None:
    draft = bound(part("number"), LINES, posted={"a": "twelve", "lines-0-_item": "1", "lines-0-name": ""}).raw()
    assert draft == {"a": "twelve", "lines-0-name": "", "lines-0-_item": "1"}
    again = bound(part("number"), LINES, draft=draft)
    assert again.raw() == draft
    assert len(again.rows[1][0].items) == 1
    assert bound(part("number"), posted={"a": "5"}, draft=draft).values() == {"a": Decimal(5)}


def test_options_come_from_the_case() -> None:
    cars = [{"label": "Red", "label.zh_CN": "红", "value": "r"}, "blue"]
    form = bound(part("select", valuesKey="cars"), posted={"a": "r"}, locale="zh_CN", cars=cars)
    assert form.validate()
    control = form.rows[0][0].control
    assert control is not None
    assert [(choice.text, choice.label, choice.is_selected) for choice in control.choices] == [
        ("r", "红", True), ("blue", "blue", False),
    ]
    assert bound(part("select", valuesKey="cars")).rows[0][0].control.choices == []  # type: ignore[union-attr]


def test_rows_follow_the_layout() -> None:
    first = part("textfield", "a", layout={"row": "r", "columns": 6})
    second = part("textfield", "b", layout={"row": "r"})
    form = bound(first, second, part("textfield", "c"), part("textfield", "d"))
    assert [[rendering.name for rendering in row] for row in form.rows] == [["a", "b"], ["c"], ["d"]]
    assert form.rows[0][0].columns == 6


def test_an_endless_expression_is_told_not_run() -> None:
    endless = part("expression", expression="=count(for i in 1..100000, j in 1..100000 return i)")
    with pytest.raises(forms.FormExpressionTooCostly):
        bound(endless)
