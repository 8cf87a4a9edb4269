"""`docs/bpmn.md` says what is executed, kept and refused; here it is compared with what the reader does."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from app.engine.reading.catalogue import CATALOGUE, EXTENSIONS
from app.engine.reading.diagram import Diagram
from app.engine.reading.refusals import ATTRIBUTES, ELEMENTS
from app.engine.reading.strict import check_names
from tests.unit.engine.case import HEADER

DOCUMENT = Path(__file__).parents[3] / "docs" / "bpmn.md"
ROW = re.compile(
    r"\| `(?P<element>[^`]+)` \| `?(?P<part>[^`|]+?)`? \| (?P<verdict>executed|kept|refused) \|(?P<note>.*)\|"
)
REFUSED = re.compile(r"\| `(?P<name>[^`]+)` \| refused \| (?P<instead>.+) \|")
Row = tuple[str, str, str, str]


def rows() -> list[Row]:
    """Element, part, verdict and note of each row of the first table."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    return [(m["element"], m["part"], m["verdict"], m["note"].strip()) for m in map(ROW.fullmatch, lines) if m]


def refused_rows() -> dict[str, str]:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    return {m["name"]: m["instead"] for m in map(REFUSED.fullmatch, lines) if m}


@cache
def way_to(element: str) -> tuple[str, ...]:
    """The elements around one, from bpmn:definitions inwards, by which the reader gets to it."""
    if element == "bpmn:definitions":
        return ()
    for parent, rule in CATALOGUE.items():
        if f"<{element}>" in rule.parts and parent != element and not rule.is_kept_whole:
            return (*way_to(parent), parent)
    owner = EXTENSIONS[element][0] if element in EXTENSIONS else "bpmn:task"
    return (*way_to(owner), owner, "bpmn:extensionElements")


def verdict_on(element: str, *, attribute: str = "", value: str = "", inside: str = "") -> list[str]:
    """The codes of what the reader says about an element with this attribute or this content."""
    around = way_to(element)
    written = f' {attribute}="{value}"' if attribute else ""
    body = f"<{element}{written}>{inside}</{element}>"
    for name in reversed(around[1:]):
        body = f"<{name}>{body}</{name}>"
    text = HEADER + body + "</bpmn:definitions>"
    if element == "bpmn:definitions":
        text = HEADER.replace(' id="Definitions"', written) + inside + "</bpmn:definitions>"
    diagram = Diagram(etree.fromstring(text.encode()))
    check_names(diagram)
    return [problem.code for problem in diagram.problems]


def test_the_table_has_a_row_for_everything_that_is_read_and_nothing_else() -> None:
    documented = {(element, part) for element, part, _verdict, _note in rows()}
    read = {(element, part) for element, rule in CATALOGUE.items() for part in rule.parts}
    read |= {(owner, f"<{name}>") for name, owners in EXTENSIONS.items() for owner in owners}
    read |= {(element, "anything") for element, rule in CATALOGUE.items() if rule.is_kept_whole}
    plain = {element for element, rule in CATALOGUE.items() if not rule.parts and not rule.is_kept_whole}
    read |= {(element, "text") for element in plain - {"bpmn:extensionElements"}}
    assert documented == read


@pytest.mark.parametrize(("element", "part", "verdict", "note"), rows())
def test_the_reader_does_what_the_row_says(element: str, part: str, verdict: str, note: str) -> None:
    assert verdict in {"executed", "kept"}
    if part == "anything":
        assert verdict_on(element, inside="<bpmn:anything/>") == []
    elif part.startswith("<"):
        is_extension = part[1:-1] in EXTENSIONS and element.startswith("bpmn:")
        assert verdict_on(element, inside=extended(part) if is_extension else f"<{part[1:-1]}/>") == []
    elif part != "text":
        allowed = re.findall(r"`([^`]*)`", note.partition(";")[0]) if note.startswith("only ") else ["anything"]
        for value in allowed:
            assert verdict_on(element, attribute=part, value=value) == []
        if note.startswith("only "):
            assert verdict_on(element, attribute=part, value="something else") == ["value"]


def extended(part: str) -> str:
    return f"<bpmn:extensionElements><{part[1:-1]}/></bpmn:extensionElements>"


@pytest.mark.parametrize("element", [name for name, rule in CATALOGUE.items() if not rule.is_kept_whole])
def test_what_has_no_row_is_refused(element: str) -> None:
    assert verdict_on(element, attribute="misspelt", value="x") == ["attribute"]
    assert verdict_on(element, attribute="camunda:misspelt", value="x") == ["attribute"]
    assert verdict_on(element, inside="<bpmn:misspelt/>") == ["element"]


def test_everything_refused_by_name_is_in_the_tables_with_what_to_do() -> None:
    assert refused_rows() == {**ELEMENTS, **ATTRIBUTES}


@pytest.mark.parametrize("name", list(ELEMENTS))
def test_elements_are_refused_by_name(name: str) -> None:
    holder = "bpmn:userTask"
    inside = f"<{name}/>" if name.startswith("bpmn:") else extended(f"<{name}>")
    assert verdict_on(holder, inside=inside) == ["element"]
    assert verdict_on("bpmn:process", inside=f"<{name}/>") == ["element"]


@pytest.mark.parametrize("name", list(ATTRIBUTES))
def test_attributes_are_refused_by_name(name: str) -> None:
    assert verdict_on("bpmn:serviceTask", attribute=name, value="x") == ["attribute"]
    assert verdict_on("bpmn:userTask", attribute=name, value="x") == ["attribute"]
