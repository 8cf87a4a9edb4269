"""One sound diagram and how to make it faulty: each fault is refused for its own reason, with element and line."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pytest

from app import engine
from tests.unit.engine.case import RESOURCES

SOUND = (RESOURCES / "sound_diagram.bpmn").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Fault:
    """What is changed (`old`, there exactly once, to `new`), and what is said of it.

    line: a text of the faulty diagram that stands in the line named; without it the id of the element.
    """

    old: str
    new: str
    code: str
    element_id: str
    line: str = ""
    sound: str = SOUND

    def xml(self) -> str:
        assert self.sound.count(self.old) == 1, f"{self.old!r} is there {self.sound.count(self.old)} times"
        return self.sound.replace(self.old, self.new)

    def check(self) -> None:
        """Exactly this is said and nothing else; where it is deployed already, its cases go on, or it is refused."""
        xml = self.xml()
        with pytest.raises(engine.DeploymentRefused) as refusal:
            engine.parse(xml.encode(), "faulty.bpmn")
        marker = self.line or f'id="{self.element_id}"'
        line = xml[: xml.index(marker)].count("\n") + 1
        said = [(found.code, found.element_id, found.line) for found in refusal.value.problems]
        assert said == [(self.code, self.element_id, line)], [str(found) for found in refusal.value.problems]
        with suppress(engine.DeploymentRefused):
            assert engine.parse_deployed(xml.encode(), "faulty.bpmn")


def flow(name: str, source: str, target: str, inside: str = "") -> str:
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def added(element: str, code: str, element_id: str, *, to: str = "end", line: str = "") -> Fault:
    """Something more behind the end event of this id."""
    event = f'<bpmn:endEvent id="{to}" />'
    return Fault(event, event + "\n" + element, code, element_id, line)
