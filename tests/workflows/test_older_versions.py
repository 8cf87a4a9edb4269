"""A case begun under an older version, which knew fewer variables, goes on as one of the version that is shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import pytest
from lxml import etree

from app import engine
from app.engine.outcome import OpenedUserTask
from tests.workflows import test_complaint, test_follow_up, test_monthly_report, test_rectification
from tests.workflows.conftest import NewCase
from tests.workflows.form_case import ROOT, FormCase, shipped_process

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SCENARIOS = [
    scenario
    for module in (test_complaint, test_follow_up, test_monthly_report, test_rectification)
    for scenario in module.SCENARIOS
]
# What the first steps ask for: no version was without it.
ALWAYS_THERE = {"problem_kind", "is_form_complete", "department", "asked_groups"}


@cache
def older_process(key: str) -> engine.ParsedProcess:
    """The shipped process without the variables that it declares."""
    root = etree.fromstring((ROOT / "workflows" / f"{key}.bpmn").read_bytes())
    for declared in root.findall(f"{BPMN}process/{BPMN}property"):
        if declared.get("name") not in ALWAYS_THERE:
            declared.getparent().remove(declared)
    (process,) = engine.parse(etree.tostring(root), f"{key}.bpmn")
    return process


class AgedCase(FormCase):
    """Begins as a case of the older version and migrates before anybody does anything."""

    def __init__(self, process_key: str) -> None:
        super().__init__(process_key, is_saved=False)
        self.process = older_process(process_key)

    def _complete(self, opened: OpenedUserTask, values: Mapping[str, object], by: str) -> None:
        old, new = self.process, shipped_process(self.process.key)
        if old is not new:
            mapping = engine.generate_mapping(old, new)
            self.take_step(lambda state, context: engine.migrate(old, state, new, mapping, context).outcome)
            self.process = new
        super()._complete(opened, values, by)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_it_takes_every_way_of_the_new_version(scenario: Callable[[NewCase], FormCase]) -> None:
    case = scenario(AgedCase)
    assert case.incidents == []
    case.play_again()
