"""What is not executed is refused, with the id of the component."""

from __future__ import annotations

import pytest

from app import forms
from app.forms.fields import COMPONENT_TYPES, by_name
from tests.unit.forms.form_of import content, part, problems


@pytest.mark.parametrize(
    ("component", "said"),
    [
        ({"type": "html", "id": "h"}, "h: components of type “html” are not supported."),
        ({"type": "textfield", "id": "t"}, "t: say under which name the value is kept (key or path)."),
        (part("textfield", "no spaces please"), "cannot be the name of a variable"),
        (part("textfield", badge="x"), "a: the attribute “badge” is not supported"),
        (part("textfield", validate={"min": 3}), "a: the attribute “validate.min” is not supported"),
        (part("number", serializeToString=True), "a: the attribute “serializeToString” is not supported"),
        (part("textfield", conditional={"show": "=true"}), "“conditional.show” is not supported"),
        (part("textfield", conditional={"hide": "=1 +"}), "is not FEEL"),
        (part("textfield", properties={"color": "red"}), "the property “color” is not supported"),
        (part("textfield", properties={"placeholder.zh_CN": "x"}), "is not supported"),
        (part("textfield", properties={"personal": "everybody"}), "cannot be “everybody”"),
        (part("textfield", properties={"personal": True}), "must be an object"),
        (part("textfield", layout={"columns": 17}), "columns must be a whole number from 1 to 16"),
        (part("textfield", validate={"pattern": "("}), "the pattern cannot be used"),
        (part("textfield", validate={"pattern": "(a)\\1"}), "the pattern cannot be used"),
        (part("number", decimalDigits="two"), "decimalDigits must be a whole number"),
        (part("radio"), "give the options once"),
        (part("radio", values=[{"value": "x"}], valuesKey="xs"), "give the options once"),
        (part("radio", values=[{"label": "X"}]), "each option needs a value"),
        (part("radio", values=[{"value": "x"}, {"value": "x"}]), "two options have the same value"),
        (part("radio", values=[{"value": "x", "colour": "red"}]), "“values.colour” is not supported"),
        (part("radio", values=[{"value": "x", "tone": "loud"}]), "the tone of an option is good, warning or bad"),
        (part("datetime", subtype="week"), "subtype must be date, time or datetime"),
        (part("expression", expression="1 + 1"), "the expression must begin with an equals sign"),
        ({"type": "text", "id": "t"}, "t: the text is missing"),
        ({"type": "text", "id": "t", "text": "{{#if x}}y{{/if}}"}, "is not supported in a text"),
        ({"type": "text", "id": "t", "text": "{{1 +}}"}, "is not FEEL"),
        ({"type": "text", "id": "t", "text": "[a](https://e.invalid/{{x}})"}, "inside the address of a link"),
        ({"type": "dynamiclist", "id": "d", "components": []}, "d: say under which name"),
        ({"type": "dynamiclist", "id": "d", "path": "d", "defaultRepetitions": -1}, "defaultRepetitions must be"),
        ({"type": "table", "id": "t", "columns": [{"label": "x"}], "dataSource": "=x"}, "columns must be a list"),
        ({"type": "table", "id": "t", "columns": [], "dataSource": "x"}, "dataSource must begin"),
        ("textfield", "?: components of type “None” are not supported."),
    ],
)
def test_is_refused(component: object, said: str) -> None:
    assert any(said in problem for problem in problems(component)), problems(component)


def test_all_problems_are_told_at_once() -> None:
    said = problems(part("textfield", badge=1), part("html", "b"), part("textfield"), author="me")
    assert len(said) == 4
    assert any("two components have this id" in problem for problem in said)
    assert "f: the attribute “author” is not supported. Remove it." in said


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{}",
        b'{"components": {}}',
        b"\xff\xfe",
        b'{"id": "f", "id": "g", "components": []}',
        b'{"components": []}',
        b" " * (512 * 1024 + 1),
        b"[" * 100_000,
    ],
)
def test_is_no_form(document: bytes) -> None:
    with pytest.raises(forms.FormRefused):
        forms.load_form(document)


def test_sizes_are_limited() -> None:
    assert "500 components" in problems(*(part("textfield", f"a{number}") for number in range(501)))[0]
    nested: dict[str, object] = part("textfield")
    for level in range(8):
        nested = {"type": "group", "id": f"g{level}", "components": [nested]}
    assert "8 levels" in problems(nested)[0]


def test_personal_fields_and_keys() -> None:
    name = part("textfield", "name", properties={"personal": "customer"})
    group = {"type": "group", "id": "g", "path": "person", "components": [name]}
    form = forms.load_form(content(group, part("number", "age")))
    assert form.personal_fields == {"person"}
    assert form.keys >= {"person", "age"}


def test_what_others_depend_on_is_known() -> None:
    form = forms.load_form(
        content(
            part("radio", "kind", values=[{"value": "x"}]),
            part("textfield", "b", conditional={"hide": '=kind = "x"'}),
            part("number", "c"),
            {"type": "text", "id": "t", "text": "{{c}} of {{elsewhere}}"},
        )
    )
    assert form.depends_on == {"kind", "c"}


def test_no_two_kinds_have_one_name() -> None:
    assert len(by_name(COMPONENT_TYPES)) == len(COMPONENT_TYPES)
    with pytest.raises(ValueError, match="same name"):
        by_name((*COMPONENT_TYPES, COMPONENT_TYPES[0]))


def test_what_is_refused_since_a_form_was_deployed_is_left_out_of_it() -> None:
    document = content(part("signature", "old"), part("number", "age"))
    with pytest.raises(forms.FormRefused):
        forms.load_form(document)
    assert forms.load_form(document, is_deployed=True).keys == {"age"}
