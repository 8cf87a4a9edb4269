"""Everything beside the list: header, actions, form or answers, facts; also after a conflict or a failed step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from app import feel
from app.errors import AppError
from app.extensions import db
from app.forms import BoundForm
from app.models.customer_facts import customer_facts
from app.models.user_task_place import Place, find_visible_place
from app.operations.cases import UserTaskNotFound
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.user_task_rows import UserTaskChanged
from app.web.case_diagram import DiagramView, diagram_view
from app.web.case_facts import ShownFacts, show_facts
from app.web.clock_view import ShownClock, shown_clocks
from app.web.current import current_person, current_time
from app.web.delegations import ShownDelegation, shown_delegation
from app.web.discussion_view import Discussion, discussion_of
from app.web.field_labels import field_labels
from app.web.file_list import FileList, file_list
from app.web.languages import locale
from app.web.people_names import actor_names, name_of
from app.web.reports.beside import BesideReport, report_beside
from app.web.texts import gettext
from app.web.timeline import Timeline, case_timeline
from app.web.user_task_form import ShownForm, bind_user_task, show_form
from app.web.user_task_next import NextInList, next_after
from app.web.user_task_page import Actions, Head, user_task_actions, user_task_head


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One answer in both versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Problem:
    """Why it could not be done; `rows` compares both versions where there are two."""

    title: str
    text: str
    rows: list[ComparedRow]
    their_title: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """What the templates of a user task need."""

    head: Head
    actions: Actions
    facts: ShownFacts | None
    form: ShownForm | None = None
    timeline: Timeline | None = None
    diagram: DiagramView | None = None
    discussion: Discussion | None = None
    files: FileList | None = None
    problem: Problem | None = None
    beside: BesideReport | None = None
    delegation: ShownDelegation | None = None
    on_behalf_of: str = ""
    is_done: bool = False
    is_suspended: bool = False
    next: NextInList | None = None
    clock: ShownClock | None = None


def find_place(user_task_id: str) -> Place:
    """The user task with its case; raises UserTaskNotFound, also for who may not see it."""
    place = find_visible_place(db.session(), current_person().id, user_task_id)
    if place is None:
        raise UserTaskNotFound
    return place


def user_task_detail(
    place: Place, tab: str, *, bound: BoundForm | None = None, is_done: bool = False
) -> Detail:
    """The page of a user task; `bound` is the form where something was typed already."""
    user_task, instance = place.user_task, place.instance
    head, actions = user_task_head(user_task, instance, tab), user_task_actions(user_task)
    facts = customer_facts(db.session(), instance, current_person().id)
    detail = Detail(
        head,
        actions,
        show_facts(facts, current_time(), current_person().zone, locale()),
        is_done=is_done,
        is_suspended=instance.is_suspended and head.is_open,
        delegation=shown_delegation(user_task, actions.on_behalf_of)
        if head.is_open and user_task.delegation
        else None,
        on_behalf_of=_name_of(actions.on_behalf_of),
        next=next_after(user_task.process_key, user_task.element_id) if is_done and not head.is_open else None,
        clock=_clock(place) if head.is_open and user_task.clock_id else None,
    )
    if tab == "history":
        return replace(detail, timeline=case_timeline(instance))
    if tab == "diagram":
        return replace(detail, diagram=diagram_view(instance, head.process_name))
    if tab == "discussion":
        return replace(detail, discussion=discussion_of(instance, user_task.id))
    if tab == "files":
        return replace(detail, files=file_list(instance, user_task.id))
    if not head.is_open and bound is None:
        return replace(detail, timeline=case_timeline(instance, user_task.id))
    bound = bound or bind_user_task(user_task, instance)
    form = show_form(user_task, bound, can_submit=actions.can_work, why_not=_why_not(head))
    return replace(detail, form=form, beside=report_beside(instance, user_task.element_id))


def conflict_detail(place: Place, conflict: UserTaskChanged, posted: MultiDict[str, str] | None) -> Detail:
    """The page after somebody else was quicker: both versions, and all that was typed."""
    bound = bind_user_task(place.user_task, place.instance, posted)
    detail = user_task_detail(place, "form", bound=bound)
    person = conflict.current.ended_by or conflict.current.assignee_id
    names = actor_names({person})
    other = name_of(person, names) if person else ""
    title = gettext(conflict.msgid, **{**conflict.params, "user": other})
    text = gettext("What you typed is still in the form below.") if bound.raw() else ""
    rows = _compare(place, bound.values() if bound.raw() else {})
    return replace(detail, problem=Problem(title, text, rows, other))


def suspended_detail(place: Place, refusal: AppError, posted: MultiDict[str, str]) -> Detail:
    """The page after somebody tried to complete a user task of a suspended case."""
    detail = user_task_detail(place, "form", bound=bind_user_task(place.user_task, place.instance, posted))
    title, text = gettext(refusal.msgid), gettext("Your answers are kept as a draft.")
    return replace(detail, problem=Problem(title, text, []), is_suspended=False)  # said once


def failed_detail(place: Place, failure: AppError, posted: MultiDict[str, str]) -> Detail:
    """The page after the step failed in the diagram."""
    detail = user_task_detail(place, "form", bound=bind_user_task(place.user_task, place.instance, posted))
    title = gettext("This step cannot be done at the moment.")
    text = gettext(
        "The diagram has a fault; the process owner has been told. Your answers are kept. %(reason)s",
        reason=gettext(failure.msgid, **failure.params),
    )
    return replace(detail, problem=Problem(title, text, []))


def _clock(place: Place) -> ShownClock | None:
    """The clock that the due date of this user task comes from."""
    shown = shown_clocks(place.instance, user_task_id=place.user_task.id, clock_id=place.user_task.clock_id)
    return shown[0] if shown else None


def _name_of(user_id: str) -> str:
    return name_of(user_id, actor_names({user_id})) if user_id else ""


def _why_not(head: Head) -> str:
    if not head.is_open:
        return ""
    if head.is_mine:  # for an answer only, which is told above
        return ""
    if head.assignee_name:
        return gettext("%(name)s has this task.", name=head.assignee_name)
    return gettext("You can read this, but not do it.")


def _compare(place: Place, mine: Mapping[str, object]) -> list[ComparedRow]:
    """What this person typed beside what the other person submitted, answer by answer."""
    labels = field_labels(db.session(), place.instance.definition_id, locale(), current_person().zone)
    theirs = _submitted(place)
    if not theirs:
        return []
    own = {name: feel.encode(value) for name, value in mine.items()}
    rows = [
        ComparedRow(labels.label(name), labels.words(name, own.get(name)), labels.words(name, theirs.get(name)))
        for name in dict.fromkeys((*own, *theirs))
        if labels.is_labelled(name)  # computed fields are nobody's answer
    ]
    return [row for row in rows if row.mine or row.theirs]


def _submitted(place: Place) -> dict[str, object]:
    """The answers with which the user task was completed."""
    for event in reversed(read_events(db.session(), case_stream(place.instance.id))):
        if event.type == "user_task_completed" and event.activity_id == place.user_task.id:
            return {**event.body.get("inputs", {}), **((event.personal or {}).get("inputs") or {})}
    return {}
