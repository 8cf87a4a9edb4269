"""The page of a case: header, open and done user tasks, variables, linked cases, facts of the customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from app.extensions import db
from app.models.case_details import StoredVariable, linked_instances, user_tasks_of, variables_of
from app.models.customer_facts import customer_facts
from app.models.display_names import DefinitionNames, definition_names, site_names
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask
from app.web.ad_hoc_starts import Startable, startable_in
from app.web.calls.corrections import correction_urls
from app.web.case_drawing import case_drawing
from app.web.case_facts import ShownFacts, show_facts
from app.web.case_states import state_name, state_tone
from app.web.clock_times import ClockTimes
from app.web.clock_view import ShownClock, shown_clocks
from app.web.current import current_person, current_time
from app.web.element_names import element_name
from app.web.field_labels import FieldLabels, field_labels
from app.web.human_times import HumanTime, describe_moment
from app.web.incident_views import ShownIncident, incidents_of_case
from app.web.languages import locale
from app.web.navigation import process_color
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, sites_with
from app.web.texts import gettext

# Who may see the raw variables: the others read the answers in the history.
READERS_OF_VARIABLES = frozenset({"auditor", "process_owner", "admin"})


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the case."""

    key: str
    url: str
    name: str
    icon: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A user task of the case."""

    url: str
    name: str
    state: str
    tone: str
    who: str
    due: HumanTime | None
    when: HumanTime


@dataclass(frozen=True, slots=True)
class ShownVariable:
    """A variable; `scope` is the element it belongs to, empty for the whole case."""

    name: str
    label: str
    text: str
    scope: str
    change_url: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something the person may do with the case."""

    url: str
    icon: str
    name: str


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """The case this one came from, or one that came from it."""

    url: str
    number: str
    title: str
    relation: str
    state: str
    tone: str
    process: str
    color: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything the page shows; `changes` are what the person may do with the case, empty for most.

    `startable` is what the person can begin in an ad-hoc subprocess; `drawing` shows where the case stands.
    """

    number: str
    title: str
    process_name: str
    version: int
    color: str
    state: str
    tone: str
    business_key: str
    site: str
    started: HumanTime
    started_by: str
    ended: HumanTime | None
    tab: str
    tabs: list[Tab]
    steps: list[CaseStep]
    variables: list[ShownVariable]
    linked: list[LinkedCase]
    facts: ShownFacts | None
    id: str
    is_suspended: bool
    incidents: list[ShownIncident]
    changes: list[Change]
    startable: list[Startable]
    drawing: Markup
    clocks: list[ShownClock]


def case_view(instance: ProcessInstance, tab: str) -> CaseView:
    """The page of a case; parts that the chosen tab does not show stay empty."""
    names = definition_names(db.session(), {instance.definition_id})[instance.definition_id]
    now, zone = current_time(), current_person().zone
    people = actor_names({instance.started_by})
    is_overview = tab == "overview"
    facts = customer_facts(db.session(), instance, current_person().id)
    return CaseView(
        number=instance.case_number,
        title=instance.title,
        process_name=names.process(locale()),
        version=names.version,
        color=process_color(instance.process_key),
        state=state_name(instance.state),
        tone=state_tone(instance.state),
        business_key=instance.business_key or "",
        site=site_names(db.session(), {instance.site_id})[instance.site_id],
        started=describe_moment(instance.started_at, now, zone, locale()),
        started_by=name_of(instance.started_by, people),
        ended=describe_moment(instance.ended_at, now, zone, locale()) if instance.ended_at else None,
        tab=tab,
        tabs=_tabs(instance, tab),
        steps=_steps(instance.id, names, instance.title) if is_overview else [],
        variables=_variables(instance, names) if is_overview else [],
        linked=_linked(instance) if is_overview else [],
        facts=show_facts(facts, now, zone, locale()),
        id=instance.id,
        is_suspended=instance.is_suspended and instance.ended_at is None,
        incidents=incidents_of_case(instance.id) if is_overview and instance.ended_at is None else [],
        changes=_changes(instance) if is_overview else [],
        startable=startable_in(instance, names) if is_overview else [],
        drawing=_drawing(instance, names) if is_overview else Markup(),
        clocks=shown_clocks(instance) if is_overview else [],
    )


def _drawing(instance: ProcessInstance, names: DefinitionNames) -> Markup:
    process = names.process(locale())
    label = gettext("Where case %(number)s stands in %(process)s", number=instance.case_number, process=process)
    return case_drawing(instance, label)


def _changes(instance: ProcessInstance) -> list[Change]:
    corrections = [
        Change(url, "pencil", gettext("Correct the record of the call")) for url in correction_urls(instance)
    ]
    if instance.ended_at is not None or not _may_change(instance):
        return corrections
    suspension = (
        ("circle-play", gettext("Resume")) if instance.is_suspended else ("circle-pause", gettext("Suspend"))
    )
    looks = (
        ("case_changes.move_form", "arrow-right-left", gettext("Move to another step")),
        ("case_variables.variable_form", "pencil", gettext("Change a variable")),
        ("case_changes.version_form", "git-branch", gettext("Go to another version")),
        ("case_changes.suspension_form", *suspension),
        ("case_changes.cancel_form", "ban", gettext("Cancel the case")),
    )
    return corrections + [Change(url_for(view, instance_id=instance.id), icon, name) for view, icon, name in looks]


def _may_change(instance: ProcessInstance) -> bool:
    return instance.site_id in sites_with(current_person(), Permission.CHANGE_CASES)


def _tabs(instance: ProcessInstance, current: str) -> list[Tab]:
    looks = (
        ("overview", "show", gettext("Overview"), "clipboard-list", 0),
        ("discussion", "discussion", gettext("Discussion"), "message-square", instance.comment_count),
        ("files", "files", gettext("Files"), "paperclip", instance.file_count),
        ("history", "history", gettext("History"), "history", 0),
        ("diagram", "diagram", gettext("Diagram"), "workflow", 0),
    )
    return [
        Tab(key, url_for(f"cases.{view}", instance_id=instance.id), name, icon, key == current, count)
        for key, view, name, icon, count in looks
    ]


def _steps(instance_id: str, names: DefinitionNames, case_title: str) -> list[CaseStep]:
    user_tasks: Sequence[UserTask] = user_tasks_of(db.session(), instance_id)
    people = actor_names({user_task.ended_by or user_task.assignee_id for user_task in user_tasks})
    now, zone = current_time(), current_person().zone
    times = ClockTimes(now, zone, locale())
    return [
        CaseStep(
            url=url_for("user_tasks.show", user_task_id=user_task.id),
            name=_step_name(user_task, names, case_title),
            state=state_name(user_task.state),
            tone=state_tone(user_task.state),
            who=_who(user_task, people),
            due=times.due(user_task) if user_task.ended_at is None else None,
            when=describe_moment(user_task.ended_at or user_task.created_at, now, zone, locale()),
        )
        for user_task in user_tasks
    ]


def _step_name(user_task: UserTask, names: DefinitionNames, case_title: str) -> str:
    """With its own title, where it has one: several of the same name are told apart by it."""
    name = names.element(user_task.element_id, user_task.name, locale())
    if user_task.title in (case_title, user_task.case_number):
        return name
    return f"{name} · {user_task.title.removesuffix(f' · {case_title}')}"


def _who(user_task: UserTask, people: dict[str, str]) -> str:
    person = user_task.ended_by or user_task.assignee_id
    if person:
        return name_of(person, people)
    return gettext("Not claimed yet") if user_task.state == "open" else ""


def _variables(instance: ProcessInstance, names: DefinitionNames) -> list[ShownVariable]:
    if not current_person().groups & READERS_OF_VARIABLES:
        return []
    may_change = instance.ended_at is None and _may_change(instance)
    labels: FieldLabels = field_labels(db.session(), instance.definition_id, locale(), current_person().zone)
    shown = [
        ShownVariable(
            stored.name,
            labels.label(stored.name),
            labels.text(stored.name, stored.value),
            element_name(names, stored.element_id),
            _change_url(instance, stored) if may_change and stored.is_open else "",
        )
        for stored in variables_of(db.session(), instance.id)
    ]
    return sorted(shown, key=lambda variable: not variable.text)  # what holds nothing last


def _change_url(instance: ProcessInstance, stored: StoredVariable) -> str:
    endpoint = "case_variables.variable_form"
    return url_for(endpoint, instance_id=instance.id, scope=stored.execution_id, name=stored.name)


def _linked(instance: ProcessInstance) -> list[LinkedCase]:
    found = linked_instances(db.session(), current_person().id, instance)
    names = definition_names(db.session(), {case.definition_id for case in found})
    return [
        LinkedCase(
            url=url_for("cases.show", instance_id=case.id),
            number=case.case_number,
            title=case.title,
            relation=gettext("Came from") if case.id == instance.origin_id else gettext("Led to"),
            state=state_name(case.state),
            tone=state_tone(case.state),
            process=names[case.definition_id].process(locale()),
            color=process_color(case.process_key),
        )
        for case in found
    ]
