"""The macros that turn a bound form into HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from lxml import html

from app import forms
from tests.unit.forms.form_of import bound, part

TEMPLATES = Path(__file__).parents[3] / "app/web/templates"
OPTIONS = [{"value": "good", "label": "Good", "tone": "good"}, {"value": "bad", "label": "<Bad>"}]


@pytest.fixture(scope="module")
def jinja() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    environment.globals |= {"_": str, "asset": "/static/{}".format, "csrf_token": str}
    environment.filters["initial"] = str
    return environment


def page(jinja: Environment, form: forms.BoundForm, **context: object) -> html.HtmlElement:
    source = '{% from "forms/_fields.html" import render_rows with context %}{{ render_rows(bound) }}'
    template = jinja.from_string(source)
    return html.fromstring(f"<form>{template.render(bound=form, **context)}</form>")


def test_an_input_is_tied_to_its_label_hint_and_error(jinja: Environment) -> None:
    form = bound(part("textfield", description="Help", validate={"required": True}), posted={"a": ""})
    form.validate()
    shown = page(jinja, form)
    (entry,) = shown.xpath("//input")
    assert shown.xpath("//label/@for") == [entry.get("id")]
    assert entry.get("aria-invalid") == "true"
    described = entry.get("aria-describedby").split()
    assert [shown.get_element_by_id(identifier).text_content() for identifier in described] == [
        "Help", "Please fill this in.",
    ]
    assert shown.xpath("//div[contains(@class, 'is-invalid')]")


def test_values_are_escaped(jinja: Environment) -> None:
    evil = '"><script>x</script>'
    parts = (part("textfield"), part("textarea", "b"), part("number", "c"))
    form = bound(*parts, posted={"a": evil, "b": evil, "c": evil})
    shown = page(jinja, form)
    assert not shown.xpath("//script")
    assert shown.xpath("//input[@name='a']/@value") == [evil]
    assert shown.xpath("//textarea")[0].text_content().strip() == evil


def test_a_program_is_told_which_variable_an_input_fills(jinja: Environment) -> None:
    form = bound(
        part("radio", values=OPTIONS), part("number", "c"), part("checkbox", "d"), part("textfield", "e"),
        part("checklist", "f", values=OPTIONS), a="bad",
    )  # fmt: skip
    shown = page(jinja, form, variable_names=form.definition.keys)
    told = {one.get("cam-variable-name"): one for one in shown.xpath("//*[@cam-variable-name]")}
    assert {name: (one.tag, one.get("cam-variable-type")) for name, one in told.items()} == {
        "a": ("select", "String"), "c": ("input", "Double"), "d": ("input", "Boolean"), "e": ("input", "String"),
    }  # fmt: skip
    assert shown.xpath("//select/option[@selected]/text()") == ["<Bad>"]
    assert not page(jinja, form).xpath("//*[@cam-variable-name]")


def test_segments(jinja: Environment) -> None:
    form = bound(part("radio", values=OPTIONS, properties={"appearance": "segments"}), a="bad")
    shown = page(jinja, form)
    assert shown.xpath("//fieldset/@role") == ["radiogroup"]
    assert [label.get("class") for label in shown.xpath("//label")] == ["segment is-good", "segment"]
    assert shown.xpath("//input[@checked]/@value") == ["bad"]
    assert shown.xpath("//label")[1].text_content().strip() == "<Bad>"


def test_what_others_depend_on_is_marked(jinja: Environment) -> None:
    kind = part("radio", "kind", values=OPTIONS)
    only_for_good = part("textfield", "b", conditional={"hide": '=kind != "good"'})
    form = bound(kind, only_for_good, part("textfield", "c"), kind="good")
    assert {entry.get("name") for entry in page(jinja, form).xpath("//*[@data-depends]")} == {"kind"}


def test_every_kind_is_shown(jinja: Environment) -> None:
    group = {"type": "group", "id": "g", "label": "Group", "showOutline": True, "components": [part("number", "n")]}
    items = {"type": "dynamiclist", "id": "l", "path": "l", "label": "List", "components": [part("checkbox", "c")]}
    table = {"type": "table", "id": "t", "dataSource": '=[{"k": "cell"}]', "columns": [{"label": "K", "key": "k"}]}
    shown = page(
        jinja,
        bound(
            group, items, table, {"type": "separator", "id": "s"}, {"type": "spacer", "id": "sp"},
            {"type": "text", "id": "x", "text": "*markdown*"}, part("select", "d", values=OPTIONS),
            part("checklist", "e", values=OPTIONS), part("taglist", "f", values=OPTIONS),
            part("datetime", "m", subtype="datetime"), part("expression", "sum", expression="=1 + 1"),
            part("textfield", "r", readonly=True, appearance={"prefixAdorner": "¥"}),
            part("number", "p", appearance={"suffixAdorner": "km"}, layout={"columns": 5}),
            r="shown", l=[{"c": True}],
        ),
    )
    assert {entry.get("name") for entry in shown.xpath("//*[@name]")} == {
        "n", "l-0-_item", "l-0-c", "_remove", "_add", "d", "e", "f", "m", "p",
    }
    assert [element.text_content() for element in shown.xpath("//output")] == ["2", "¥shown"]
    assert shown.xpath("//em/text()") == ["markdown"]
    assert shown.xpath("//td/text()") == ["cell"]
    assert shown.xpath("//input[@type='datetime-local']")
    assert shown.xpath("//div[@class='col-5']//span[@class='affix-after']/text()") == ["km"]


def test_an_unticked_box_is_sent(jinja: Environment) -> None:
    shown = page(jinja, bound(part("checkbox"), part("checklist", "b", values=OPTIONS)))
    assert shown.xpath("//input[@type='hidden']/@name") == ["a", "b"]
