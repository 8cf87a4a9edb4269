"""The same case in the stock library, as its documentation shows it: the yardstick for the engine."""

import io
import json
import time
from collections.abc import Callable

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from benchmarks.sample_data import DATA, answers

Translations = tuple[tuple[str, str], ...]

# FEEL of the case of 16 nodes -> the Python that the library runs instead.
OF_16_NODES: Translations = (
    ("complaint = true", "complaint == True"),
    ("P3D", '"P3D"'),
    ('scriptFormat="feel"', ""),
    ("{ late: true }", "late = True"),
    ('{ priority: "high" }', 'priority = "high"'),
    ('{ archive_number: "A-" + string(case.number) }', 'archive_number = "A-" + str(case["number"])'),
)


class StockCase:
    """Cases of one diagram: Python conditions, data copied from step to step, everything saved as JSON."""

    def __init__(self, diagram: str, process_key: str, translations: Translations = ()) -> None:
        for ours, theirs in translations:
            if ours not in diagram:
                raise ValueError(f"the diagram no longer says {ours}")
            diagram = diagram.replace(ours, theirs)
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(diagram.encode()))
        self._spec = parser.get_spec(process_key)
        self._others = parser.get_subprocess_specs(process_key)
        self._serializer = BpmnWorkflowSerializer()

    def seconds_per_step(self, steps: tuple[str, ...]) -> float:
        """CPU of one step of one case: loaded, completed, saved."""
        workflow = BpmnWorkflow(self._spec, self._others)
        workflow.task_tree.data.update(json.loads(json.dumps(DATA)))
        workflow.do_engine_steps()
        saved = self._serializer.serialize_json(workflow)
        begin = time.process_time()
        for step in steps:
            workflow = self._serializer.deserialize_json(saved)
            spiff_task = workflow.get_next_task(state=TaskState.READY, spec_name=step)
            spiff_task.data.update(answers(step))
            spiff_task.run()
            workflow.do_engine_steps()
            saved = self._serializer.serialize_json(workflow)
        spent = time.process_time() - begin
        if not workflow.is_completed():
            raise RuntimeError("the case did not reach its end")
        return spent / len(steps)

    def again(
        self, data: dict[str, object], step: str | None, values: dict[str, object], *, finished: int = 0
    ) -> Callable[[], object]:
        """One completion more after so many finished ones, on the same saved case; step: None for any that is open."""
        workflow = BpmnWorkflow(self._spec, self._others)
        workflow.task_tree.data.update(json.loads(json.dumps(data)))
        workflow.do_engine_steps()
        for _ in range(finished):
            self._complete(workflow, step, values)
        saved = self._serializer.serialize_json(workflow)

        def complete() -> None:
            taken_up = self._serializer.deserialize_json(saved)
            self._complete(taken_up, step, values)
            self._serializer.serialize_json(taken_up)

        return complete

    @staticmethod
    def _complete(workflow: BpmnWorkflow, step: str | None, values: dict[str, object]) -> None:
        chosen = {"spec_name": step} if step else {"manual": True}
        spiff_task = workflow.get_next_task(state=TaskState.READY, **chosen)
        spiff_task.data.update(values)
        spiff_task.run()
        workflow.do_engine_steps()
