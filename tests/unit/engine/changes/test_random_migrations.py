"""Processes put together at random migrate at any moment, to a version in which every element has another id."""

from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine
from app.engine.live_cases import LIVE_CASES
from tests.unit.engine.case import Case, context, read
from tests.unit.engine.test_random_processes import BLOCKS, Block, drawn


def renamed(xml: bytes, old: str, new: str) -> bytes:
    return re.sub(rf'"{old}(\d+)"', rf'"{new}\1"', xml.decode()).encode()


def migrate(case: Case, target: engine.ParsedProcess) -> None:
    """Nothing begins, ends or is armed anew; everything that waits has its place in the other version."""
    old, new = ("n", "m") if next(iter(case.live_activities.values())).startswith("n") else ("m", "n")
    mapping = {name: new + name[1:] for name in case.process.elements if name.startswith(old)}
    migrated = engine.migrate(case.process, case.state or b"", target, mapping, context(now=case.now, max_steps=2_000))
    outcome = migrated.outcome
    assert not any(
        (outcome.opened, outcome.closed, outcome.timers, outcome.executions, outcome.variables, outcome.flows)
    )
    places = {activity.id: activity.element_id for activity in migrated.activities}
    case.process, case.state = target, outcome.state
    case.live_activities = {key: places[key] for key in case.live_activities}
    case.timers = {key: (places[key], due) for key, (_element, due) in case.timers.items()}
    LIVE_CASES.clear()


@settings(max_examples=60, deadline=None)
@given(BLOCKS, st.integers(0, 2**32))
def test_a_case_migrates_at_any_moment(block: Block, seed: int) -> None:
    chance, xml = random.Random(seed), drawn(block)
    versions = [read(xml), read(renamed(xml, "n", "m"))]
    case = Case(versions[0], is_saved=True, max_steps=2_000).start({"coin": chance.random() < 0.5})
    for step in range(400):
        if case.is_ended:
            return
        if chance.random() < 0.3:
            versions.reverse()
            migrate(case, versions[0])
        user_tasks, timers = list(case.user_tasks), list(case.timers)
        chosen = chance.choice([*user_tasks, *timers])
        if chosen in user_tasks:
            values = {"coin": step > 100 or chance.random() < 0.5}
            outcome = engine.complete(case.process, case.state or b"", chosen, values, context(now=case.now))
        else:
            case.now = max(case.now, case.timers[chosen][1])
            outcome = engine.fire_timer(case.process, case.state or b"", chosen, context(now=case.now))
        case.absorb(outcome)
    raise AssertionError("the case has not ended")
