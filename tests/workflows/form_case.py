"""A case of a shipped process whose user tasks are answered as a browser would: texts into the real form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from importlib import import_module
from pathlib import Path

from app import engine, feel, forms
from app.calendars import Stretch, WorkingCalendar
from app.engine.outcome import OpenedUserTask
from app.feel.dmn import DecisionModel, load_models
from tests.unit.engine.case import ZONE, Case

ROOT = Path(__file__).parents[2]
(RESULTS,) = (path.stem for path in (ROOT / "app/migrations/main/versions").glob("*_follow_up_results.py"))
WORKDAY = (Stretch(time(9), time(12)), Stretch(time(13), time(18)))
CALENDAR = WorkingCalendar(ZONE, dict.fromkeys(range(5), WORKDAY), {})
PAGE = {
    "customer": {"name": "沈小满", "title": "ms", "phone": "10000000001"},
    "vehicle": {"plate": "沪A00001", "vin": "LAFTERCARE0000001", "model": "晨风 3"},
    "visit": {
        "order_number": "R-2026-0001", "handed_over_at": datetime(2026, 2, 27, 17, 30, tzinfo=ZONE),
        "work_done": "更换刹车片", "advisor": "许知秋", "sent_in_by": "沈小满", "best_time": "下午",
    },
    "site": {"name": "示例店"},
    "me": {"id": "user-cr", "name": "林一", "locale": "zh_CN"},
    "people": [
        {"value": "user-cr", "label": "林一", "groups": ["cr_advisor"]},
        {"value": "advisor", "label": "许知秋", "groups": ["service_advisor"]},
        {"value": "expert", "label": "高远", "groups": ["technical_expert"]},
        {"value": "manager", "label": "周成", "groups": ["service_manager"]},
    ],
    "files": [],
}

Texts = Mapping[str, str | list[str]]


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
            "value": f"{key}_1", "label": label, "label.zh_CN": label_zh,
            "questions": [
                {"value": name, "label": texts[1], "label.zh_CN": texts[2], **content._question(name, kind, *texts)}
                for name, texts in questions.items()
            ],
        }
        for key, of_occasion, of_level, label, label_zh, kind, questions in content.FIRST_CONTENT
        if of_occasion == occasion or of_level == level
    ]


class FormCase(Case):
    """`answer` fills in and sends a form, `refused` expects it to be sent back."""

    def __init__(self, process_key: str, *, is_saved: bool) -> None:
        limits = {"calendar": CALENDAR, "decisions": shipped_decisions()}
        super().__init__(shipped_process(process_key), is_saved=is_saved, **limits)
        self.page: dict[str, object] = PAGE

    def on_pages(self, **values: object) -> FormCase:
        """Let the pages of the forms have other surroundings."""
        self.page = {**self.page, **values}
        return self

    def begin(self, texts: Texts) -> FormCase:
        """Start with the start form."""
        bound = self.bound(self.process.start_form_key or "", texts)
        assert bound.validate(), bound.errors
        self.start(bound.values())
        return self

    def answer(self, element_id: str, /, nth: int = 0, **texts: str | list[str]) -> FormCase:
        opened = self.opened(element_id, nth)
        bound = self.bound(opened.form_key or "", texts, of=opened)
        assert bound.validate(), bound.errors
        self.do(element_id, nth, **bound.values())
        return self

    def refused(self, element_id: str, /, nth: int = 0, **texts: str | list[str]) -> set[str]:
        """The names of the inputs that are wrong."""
        opened = self.opened(element_id, nth)
        bound = self.bound(opened.form_key or "", texts, of=opened)
        assert not bound.validate(), "the form was accepted"
        return set(bound.errors)

    def bound(
        self, form_key: str, texts: Texts | None, locale: str = "zh_CN", *, of: OpenedUserTask | None = None
    ) -> forms.BoundForm:
        """A form with the case's variables, those around a user task where one is given."""
        environment = feel.Environment(self.now, ZONE, CALENDAR)
        offered = questionnaires(str(self.process_variables.get("occasion")), self.process_variables.get("level"))
        page = {name: feel.from_python(value) for name, value in {**self.page, "questionnaires": offered}.items()}
        variables = self.process_variables if of is None else self.variables_around(of.execution_id)
        return forms.bind(shipped_form(form_key), {**variables, **page}, None, texts, environment, locale)

    def opened(self, element_id: str, nth: int = 0) -> OpenedUserTask:
        """The open user task of this element, the nth of several instances."""
        return [task for task in self.user_tasks.values() if task.element_id == element_id][nth]

    def variables_around(self, scope_id: str | None) -> dict[str, object]:
        """What a form in this scope sees: the nearest variable of each name."""
        found: dict[str, object] = {}
        while scope_id is not None:
            found = {name: value for (scope, name), value in self.variables.items() if scope == scope_id} | found
            scope_id = self.scopes.get(scope_id)
        return found

    def jobs_of(self, element_id: str) -> dict[str, object]:
        """What the service task asks of its connector."""
        return next(job.inputs for job in self.jobs.values() if job.element_id == element_id)

    @property
    def process_variables(self) -> dict[str, object]:
        roots = {scope for scope, parent in self.scopes.items() if parent is None}
        return {name: value for (scope, name), value in self.variables.items() if scope in roots}

    def hours_until(self, moment: datetime | None) -> float:
        """Working hours from now."""
        assert moment is not None
        return float(CALENDAR.working_hours_between(self.now, moment))


def local(text: str) -> str:
    """A moment as the browser sends it, from `2026-03-02 15:00`."""
    return text.replace(" ", "T")
