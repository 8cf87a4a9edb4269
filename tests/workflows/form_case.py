"""A scenario on the engine alone: its case is a live object, or saved and decoded before each step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Self

from app import engine, feel, forms
from app.engine.outcome import OpenedUserTask
from app.feel.dmn import DecisionModel, load_models
from tests.unit.engine.case import ZONE, Case
from tests.workflows.acted_case import ActedCase, Texts
from tests.workflows.cast import (
    BY_ID,
    CALENDAR,
    CAST,
    CUSTOMER,
    DEPLOYED_AT,
    SITE_NAME,
    VEHICLE,
    VISIT,
    planned_variables,
)

ROOT = Path(__file__).parents[2]
(RESULTS,) = (path.stem for path in (ROOT / "app/migrations/main/versions").glob("*_follow_up_results.py"))


@cache
def shipped_process(key: str) -> engine.ParsedProcess:
    (process,) = engine.parse((ROOT / "workflows" / f"{key}.bpmn").read_bytes(), f"{key}.bpmn")
    return process


@cache
def shipped_form(key: str) -> forms.FormDefinition:
    return forms.load_form((ROOT / "forms" / f"{key}.form").read_bytes())


@cache
def shipped_decisions() -> dict[str, DecisionModel]:
    """The models by the id of each decision."""
    models = load_models({path.name: path.read_bytes() for path in (ROOT / "workflows").glob("*.dmn")}).models
    return {decision_id: model for model in models.values() for decision_id in model.decision_ids}


def questionnaires(occasion: str, level: object) -> list[dict[str, object]]:
    """What is delivered for an occasion and level, as the pages offer it."""
    content = import_module(f"app.migrations.main.versions.{RESULTS}")
    return [
        {
            "value": f"{key}_1",
            "label": label,
            "label.zh_CN": label_zh,
            "questions": [
                {"value": name, "label": texts[1], "label.zh_CN": texts[2], **content._question(name, kind, *texts)}
                for name, texts in questions.items()
            ],
        }
        for key, of_occasion, of_level, label, label_zh, kind, questions in content.FIRST_CONTENT
        if of_occasion == occasion or of_level == level
    ]


class FormCase(Case, ActedCase):
    """What a browser would show comes from the cast; a service task's work is what the scenario says it gives."""

    def __init__(self, process_key: str, *, is_saved: bool) -> None:
        limits = {"calendar": CALENDAR, "decisions": shipped_decisions()}
        super().__init__(shipped_process(process_key), is_saved=is_saved, **limits)
        self._files: dict[str, list[str]] = {}

    def begin(self, texts: Texts, by: str = "advisor") -> Self:
        variables: dict[str, object] = {}
        if self.process.start_form_key:
            bound = self.bound(self.process.start_form_key, texts, by=by)
            assert bound.validate(), bound.errors
            variables = bound.values()
        self.start({**variables, **dict.fromkeys(self.process.initiators.values(), by)})
        return self

    def begin_by_message(self, name: str, payload: Mapping[str, object]) -> Self:
        self.start(payload, message_name=name)
        return self

    def begin_planned(self, occasion: str = "repair_3dc", level: int = 1, advisor_id: str | None = None) -> Self:
        self.start(planned_variables(occasion, level, advisor_id), business_key=VISIT["order_number"])
        return self

    def begin_by_timer(self) -> Self:
        (trigger,) = (one for one in self.process.start_triggers if one.kind == "timer")
        due = engine.first_due(trigger, engine.StepContext(DEPLOYED_AT, ZONE, CALENDAR))
        assert due is not None
        self.now = due.at
        self.start(trigger=trigger)
        return self

    def pause_clock(self, clock_id: str) -> Self:
        self.take_step(lambda state, context: engine.pause_clock(self.process, state, self.root, clock_id, context))
        return self

    def resume_clock(self, clock_id: str) -> Self:
        self.take_step(lambda state, context: engine.resume_clock(self.process, state, self.root, clock_id, context))
        return self

    def add_file(self, name: str, element_id: str, nth: int = 0) -> Self:
        self._files.setdefault(self.opened(element_id, nth).id, []).append(name)
        return self

    def bound(
        self,
        form_key: str,
        texts: Texts | None,
        locale: str = "zh_CN",
        *,
        of: OpenedUserTask | None = None,
        by: str = "caller",
    ) -> forms.BoundForm:
        environment = feel.Environment(self.now, ZONE, CALENDAR)
        page = {name: feel.from_python(value) for name, value in self._page(of, by, locale).items()}
        variables = self.process_variables if of is None else self._variables_around(of.execution_id)
        return forms.bind(shipped_form(form_key), {**variables, **page}, None, texts, environment, locale)

    @property
    def process_variables(self) -> dict[str, object]:
        roots = {scope for scope, parent in self.scopes.items() if parent is None}
        return {name: value for (scope, name), value in self.variables.items() if scope in roots}

    def _complete(self, opened: OpenedUserTask, values: Mapping[str, object], by: str) -> None:
        self._step(lambda state: engine.complete(self.process, state, opened.id, values, self._context()))

    def _page(self, of: OpenedUserTask | None, by: str, locale: str) -> dict[str, object]:
        """What there is to see besides the variables."""
        variables = self.process_variables
        return {
            "customer": CUSTOMER,
            "vehicle": VEHICLE,
            "visit": VISIT,
            "site": {"name": SITE_NAME},
            "me": {"id": by, "name": BY_ID[by].name, "locale": locale},
            "people": [{"value": person.id, "label": person.name, "groups": [person.group]} for person in CAST],
            "files": self._files.get(of.id, []) if of else [],
            "questionnaires": questionnaires(str(variables.get("occasion")), variables.get("level")),
        }

    def _variables_around(self, scope_id: str | None) -> dict[str, object]:
        """What a form in this scope sees: the nearest variable of each name."""
        found: dict[str, object] = {}
        while scope_id is not None:
            found = {name: value for (scope, name), value in self.variables.items() if scope == scope_id} | found
            scope_id = self.scopes.get(scope_id)
        return found
