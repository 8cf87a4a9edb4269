"""CPU time of the engine alone: one user task completed, beside the stock library in the same run.

`run()` returns microseconds of CPU (the best of several rounds, garbage collected before each) and counts:

engine_complete_cold_us     load the saved state, complete a user task, save: mean over the case's six user tasks
engine_complete_live_us     the same with the live object kept from the step before (the state is still saved)
engine_stock_complete_us    the stock library: JSON of its own serializer, loaded and saved around each completion
engine_stock_ratio          how many times the cold step goes into the stock one
engine_parse_us             reading the diagram
engine_state_bytes          the largest saved state of the case
engine_growth_<n>_us        one cold completion after n finished user tasks in the same case
"""

from __future__ import annotations

import gc
import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from app import engine
from app.engine.live_cases import LIVE_CASES

ROUNDS = 7
CASES = 40
STEPS = ("prepare", "call", "record", "offer", "check", "approve")
GROWTH = (10, 100, 1_000)
DIAGRAM = Path(__file__).with_name("case_of_16_nodes.bpmn")
LOOP = Path(__file__).parents[1] / "tests" / "resources" / "user_task_in_loop.bpmn"

# About 1.3 KB as JSON: ids, a few texts, lines of an order.
DATA: dict[str, object] = {
    "case": {"number": 4711, "title": "Follow-up after repair 2026-113", "channel": "phone", "tags": ["repair", "vip"]},
    "customer": {
        "id": "c-10293",
        "segment": "retail",
        "language": "zh",
        "address": {"street": "Example Road 12", "code": "100000", "city": "Exampletown", "country": "CN"},
        "contacts": [
            {"role": "driver", "phone": "10000000001", "best_time": "after 18:00", "remark": "prefers messages"},
            {"role": "owner", "phone": "10000000002", "best_time": "mornings", "remark": "speaks English"},
        ],
    },
    "order": {"number": "2026-113", "lines": [{"part": f"P-{n:04d}", "count": n, "price": n * 9.5} for n in range(10)]},
    "remarks": "Noise from the front left wheel above 60 km/h; brake pads changed; a test drive of 12 km was made. " * 3,
    "complaint": False,
}


def answers(step: str) -> dict[str, object]:
    """What a form would bring: three fields."""
    return {f"{step}_note": f"Forty characters or so were typed at {step}", f"{step}_minutes": 12, "complaint": True}


def run() -> dict[str, float]:
    """All figures of this file."""
    process = engine.parse(DIAGRAM.read_bytes(), DIAGRAM.name)[0]
    cold, live = _ours(process, is_live=False), _ours(process, is_live=True)
    stock = _stock()
    return {
        "engine_complete_cold_us": cold,
        "engine_complete_live_us": live,
        "engine_stock_complete_us": stock,
        "engine_stock_ratio": stock / cold,
        "engine_parse_us": _best(lambda: engine.parse(DIAGRAM.read_bytes(), DIAGRAM.name), 20),
        "engine_state_bytes": float(max(len(state) for state, _id in _states(process))),
        **{f"engine_growth_{number}_us": value for number, value in _growth().items()},
    }


def _context() -> engine.StepContext:
    return engine.StepContext(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))


def _best(action: Callable[[], object], times: int) -> float:
    """The least CPU time of one call over the rounds, in microseconds."""
    return min(_timed(action, times) for _round in range(ROUNDS))


def _timed(action: Callable[[], object], times: int) -> float:
    gc.collect()
    begin = time.process_time()
    for _time in range(times):
        action()
    return (time.process_time() - begin) / times * 1e6


def _ours(process: engine.ParsedProcess, *, is_live: bool) -> float:
    context = _context()

    def one_case() -> float:
        outcome = engine.start(process, DATA, context)
        open_ids = {task.element_id: task.id for task in outcome.opened}
        begin = time.process_time()
        for step in STEPS:
            if not is_live:
                LIVE_CASES.clear()
            assert outcome.state is not None
            outcome = engine.complete(process, outcome.state, open_ids[step], answers(step), context)
            open_ids |= {task.element_id: task.id for task in outcome.opened}
        spent = time.process_time() - begin
        assert outcome.end_event_id == "end"
        return spent

    return _per_step(one_case)


def _per_step(one_case: Callable[[], float]) -> float:
    best = float("inf")
    for _round in range(ROUNDS):
        gc.collect()
        best = min(best, sum(one_case() for _case in range(CASES)) / CASES / len(STEPS))
    return best * 1e6


def _states(process: engine.ParsedProcess) -> list[tuple[bytes, str]]:
    """The saved state before each completion, with the user task to complete."""
    context, states = _context(), []
    outcome = engine.start(process, DATA, context)
    open_ids = {task.element_id: task.id for task in outcome.opened}
    for step in STEPS:
        assert outcome.state is not None
        states.append((outcome.state, open_ids[step]))
        outcome = engine.complete(process, outcome.state, open_ids[step], answers(step), context)
        open_ids |= {task.element_id: task.id for task in outcome.opened}
    return states


def _growth() -> dict[int, float]:
    """One completion more in a case with that many finished user tasks."""
    process, context = engine.parse(LOOP.read_bytes(), LOOP.name)[0], _context()
    outcome, done, figures = engine.start(process, DATA, context), 0, {}
    for number in GROWTH:
        while done < number:
            assert outcome.state is not None
            outcome = engine.complete(process, outcome.state, outcome.opened[0].id, {"done": False}, context)
            done += 1
        state, task_id = outcome.state, outcome.opened[0].id
        assert state is not None

        def again(state: bytes = state, task_id: str = task_id) -> None:
            LIVE_CASES.clear()
            engine.complete(process, state, task_id, {"done": False}, context)

        figures[number] = _best(again, 100)
    return figures


def _stock() -> float:
    """The same case as the library does it: Python conditions, data copied from task to task."""
    text = DIAGRAM.read_text()
    for ours, theirs in (
        ("complaint = true", "complaint == True"),
        ("P3D", '"P3D"'),
        ('scriptFormat="feel"', ""),
        ("{ late: true }", "late = True"),
        ('{ priority: "high" }', 'priority = "high"'),
        ('{ archive_number: "A-" + string(case.number) }', 'archive_number = "A-" + str(case["number"])'),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(text.encode()))
    spec, others = parser.get_spec("follow_up"), parser.get_subprocess_specs("follow_up")
    serializer = BpmnWorkflowSerializer()

    def one_case() -> float:
        workflow = BpmnWorkflow(spec, others)
        workflow.task_tree.data.update(json.loads(json.dumps(DATA)))
        workflow.do_engine_steps()
        saved = serializer.serialize_json(workflow)
        begin = time.process_time()
        for step in STEPS:
            workflow = serializer.deserialize_json(saved)
            spiff_task = workflow.get_next_task(state=TaskState.READY, spec_name=step)
            spiff_task.data.update(answers(step))
            spiff_task.run()
            workflow.do_engine_steps()
            saved = serializer.serialize_json(workflow)
        spent = time.process_time() - begin
        assert workflow.is_completed()
        return spent

    return _per_step(one_case)


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:28s} {value:10.1f}")
