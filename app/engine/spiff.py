"""The seam to SpiffWorkflow: the only module that imports it, and the types of what the engine uses of it.

The library's general core is used: a specification of nodes, a workflow of live tasks, the states a task goes
through and the hooks it calls on its way. Its BPMN package is not imported at all: with it come Python scripts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

READY: int = TaskState.READY
WAITING: int = TaskState.WAITING
STARTED: int = TaskState.STARTED
FUTURE: int = TaskState.FUTURE
CANCELLED: int = TaskState.CANCELLED
FINISHED: int = TaskState.FINISHED_MASK


class SpiffTask(Task):  # type: ignore[misc]  # the library has no types
    """A token in a flow node: one activity instance, with an id that stays the same for its whole life.

    The library keeps finished tasks as a growing tree and walks it; here a finished one is removed, the history
    has a place of its own, and every step costs the same however long the case already runs.
    """

    id: str
    workflow: SpiffWorkflow
    kept_data: dict[str, Any]

    def __init__(self, workflow: SpiffWorkflow, spec: SpiffTaskSpec, id: str) -> None:  # noqa: A002  # the library's word
        super().__init__(workflow, spec, state=FUTURE, id=id)

    @property
    def internal_data(self) -> dict[str, Any]:
        """What the node remembers with its token; who asks for it may change it, so that it is saved again."""
        self.workflow.touch()
        return self.kept_data

    @internal_data.setter
    def internal_data(self, data: dict[str, Any]) -> None:
        self.kept_data = data

    @property
    def is_ready(self) -> bool:
        return bool(self._state == READY)

    @property
    def is_waiting(self) -> bool:
        return bool(self._state == WAITING)

    @property
    def is_started(self) -> bool:
        return bool(self._state == STARTED)

    @property
    def is_finished(self) -> bool:
        return bool(self._state & FINISHED)

    @property
    def state_number(self) -> int:
        return int(self._state)

    def restore_state(self, state: int, internal_data: dict[str, Any]) -> None:
        """Take over what was saved; no hook runs."""
        self._state = state
        self.kept_data = internal_data

    def make_ready(self) -> None:
        self._ready()

    def make_waiting(self) -> None:
        self._set_state(WAITING)

    def make_started(self) -> None:
        self._set_state(STARTED)

    def cancel(self) -> None:
        """Withdraw the token; the node's hook ends whatever it had begun."""
        if not self.is_finished:
            self._set_state(CANCELLED)
            self.task_spec._on_cancel(self)  # noqa: SLF001  # the library's hook

    def _set_state(self, value: int) -> None:
        # The library composes a log record of the whole task each time, whether or not anybody logs.
        self._state = value
        self.workflow.touch()


class SpiffTaskSpec(TaskSpec):  # type: ignore[misc]  # the library has no types
    """A node of a specification; nothing is predicted, the next node is known when its turn comes."""

    name: str
    manual: bool

    def _update(self, my_task: SpiffTask) -> None:
        if self._update_hook(my_task):
            my_task.make_ready()

    def _update_hook(self, my_task: SpiffTask) -> bool:
        """Whether the token may go on at once; otherwise the hook has left it waiting."""
        del my_task
        return True

    def _on_ready(self, my_task: SpiffTask) -> None:
        self._on_ready_hook(my_task)

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        raise NotImplementedError

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        """Do the node's work: True when it is done, None when the token waits for something to end."""
        del my_task
        return True

    def _on_complete(self, my_task: SpiffTask) -> None:
        self._on_complete_hook(my_task)

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        raise NotImplementedError

    def _on_cancel(self, my_task: SpiffTask) -> None:
        raise NotImplementedError

    def _on_error(self, my_task: SpiffTask) -> None:
        """A step that fails is undone as a whole: nothing to tidy up here."""

    def begin(self, spiff_task: SpiffTask) -> None:
        """Let a fresh token in."""
        self._update(spiff_task)


class SpiffSpec(WorkflowSpec):  # type: ignore[misc]  # the library has no types
    """The nodes of a process or subprocess by name; shared by all instances, never written after parsing."""

    name: str
    task_specs: Mapping[str, SpiffTaskSpec]


class SpiffWorkflow(Workflow):  # type: ignore[misc]  # the library has no types
    """The live tasks of one scope."""

    spec: SpiffSpec
    tasks: dict[str, SpiffTask]

    def __init__(self, spec: SpiffSpec) -> None:
        # "deserializing" keeps the library from planting a tree of predicted tasks.
        super().__init__(spec, deserializing=True)

    def touch(self) -> None:
        """Something here is about to be changed."""
        raise NotImplementedError
