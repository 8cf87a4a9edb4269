"""Diagrams with something cut out, doubled or turned round: read or refused, never anything else, and in time."""

from __future__ import annotations

import random
import time
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from app import engine
from tests.unit.engine.case import RESOURCES

SHIPPED = Path(__file__).parents[3] / "app"
DIAGRAMS = sorted([*RESOURCES.rglob("*.bpmn"), *SHIPPED.rglob("*.bpmn")])
VALUES = [
    "",
    " ",
    "x",
    "-1",
    "99999999999999999999",
    "true",
    "=",
    "= a b",
    "${a}",
    "#{",
    "P1D",
    "R/PT0S",
    "客户",
    "a:b",
    "\t",
]
SECONDS_PER_MEGABYTE = 60  # of CPU; a diagram of 20 KB takes at most about a second, in fact a hundredth of that
FLOOR = 1.0


def mutilated(chance: random.Random, root: etree._Element) -> None:
    """One change at random: an attribute removed, changed or moved, an element removed, doubled, moved, emptied."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element, other = chance.choice(elements), chance.choice(elements)
    ids = [entry.get("id") for entry in elements if entry.get("id")]
    kind = chance.randrange(8)
    if kind == 0 and element.attrib:
        del element.attrib[chance.choice(list(element.attrib))]
    elif kind in (1, 2) and element.attrib:
        name = chance.choice(list(element.attrib))
        element.set(name, chance.choice(ids if kind == 1 and ids else VALUES))
    elif kind == 3 and other.attrib:
        name = chance.choice(list(other.attrib))
        element.set(name, other.get(name, ""))
    elif kind == 4 and element is not root:
        element.getparent().remove(element)
    elif kind == 5 and element is not root:
        element.addnext(deepcopy(element))
    elif kind == 6 and element is not root and other not in element.iter():
        other.append(element)
    elif kind == 7:
        element.text = chance.choice([*VALUES, *ids])


def attempt(xml: bytes) -> None:
    begin = time.process_time()
    try:
        problems = list(engine.parse(xml, "mutilated.bpmn")[0].warnings)
    except engine.DeploymentRefused as refused:
        problems = list(refused.problems)
    for problem in problems:
        assert problem.line >= 1
        assert problem.message, "every problem can be told"
    assert time.process_time() - begin < max(FLOOR, len(xml) / 2**20 * SECONDS_PER_MEGABYTE)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.name)
def test_a_mutilated_diagram_is_read_or_refused(path: Path) -> None:
    xml = path.read_bytes()
    for seed in range(25):
        chance = random.Random(f"{path.name} {seed}")
        root = etree.fromstring(xml)
        for _ in range(chance.choice([1, 1, 1, 2, 5])):
            mutilated(chance, root)
        attempt(etree.tostring(root))


def test_damaged_bytes_are_read_or_refused() -> None:
    xml = (RESOURCES / "sound_diagram.bpmn").read_bytes()
    for seed in range(150):
        chance = random.Random(seed)
        begin = chance.randrange(len(xml))
        end = begin + chance.choice([1, 1, 10, 500])
        attempt(xml[:begin] + chance.randbytes(chance.choice([0, 1, 3])) + xml[end:])
