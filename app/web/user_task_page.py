"""The page of a user task: header, what the person may do with it, tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from app.extensions import db
from app.models.display_names import definition_names, group_names
from app.models.inbox import View
from app.models.user_task_access import Candidates, assignable_people, candidates_of
from app.models.user_task_place import SeenCase, SeenUserTask
from app.models.visibility import AUDITORS
from app.operations.acting import candidate_acting
from app.operations.actor import Actor
from app.operations.authority import LEADERS, groups_at
from app.operations.user_task_rows import PENDING
from app.web.case_states import state_name, state_tone
from app.web.clock_times import ClockTimes
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import HumanTime, describe_moment, describe_wake
from app.web.inbox_rows import HIGH_PRIORITY
from app.web.languages import locale
from app.web.navigation import current_view
from app.web.own_work import why_own_work
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the user task; `key` is also the shortcut's name."""

    key: str
    url: str
    name: str
    icon: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the form."""

    id: str
    revision: int
    view: View
    tab: str
    page_title: str
    step: str
    title: str
    process_name: str
    case_number: str
    case_url: str
    back_url: str
    due: HumanTime | None
    wakes: HumanTime | None
    opened: HumanTime
    is_high: bool
    is_open: bool
    is_mine: bool
    state_text: str
    state_tone: str
    assignee_name: str
    groups: list[str]
    tabs: list[Tab]


@dataclass(frozen=True, slots=True)
class Actions:
    """Addresses of what the person may do; empty where not."""

    can_work: bool
    claim_url: str
    unclaim_url: str
    assign_url: str
    people: list[tuple[str, str]]
    on_behalf_of: str = ""
    own_work: str = ""  # why the person must not do it, though the groups would allow it
    delegate_url: str = ""
    colleagues: Sequence[tuple[str, str]] = ()


def user_task_head(user_task: SeenUserTask, instance: SeenCase, tab: str) -> Head:
    """The header of the page."""
    names = definition_names(db.session(), {instance.definition_id})[instance.definition_id]
    person = user_task.ended_by or user_task.assignee_id
    step = names.element(user_task.element_id, user_task.name, locale())
    is_open = user_task.state == "open"
    return Head(
        id=user_task.id,
        revision=user_task.revision,
        view=current_view(),
        tab=tab,
        page_title=f"{step} · {user_task.title}",
        step=step,
        title=user_task.title,
        process_name=names.process(locale()),
        case_number=instance.case_number,
        case_url=url_for("cases.show", instance_id=instance.id),
        back_url=url_for("inbox.index", view=current_view()),
        due=_due(user_task),
        wakes=_wakes(user_task),
        opened=describe_moment(user_task.created_at, *_reading()),
        is_high=is_open and user_task.priority >= HIGH_PRIORITY,
        is_open=is_open,
        is_mine=is_open and user_task.assignee_id == current_person().id,
        state_text="" if is_open else state_name(user_task.state),
        state_tone=state_tone(user_task.state),
        assignee_name=name_of(person, actor_names({person})) if person else "",
        groups=_group_names(candidates_of(db.session(), user_task.id)) if is_open else [],
        tabs=_tabs(user_task.id, instance, tab),
    )


def user_task_actions(user_task: SeenUserTask) -> Actions:
    """What the person may do; operations decide again, so that nothing hangs on this."""
    person = current_person()
    groups = groups_at(db.session(), person.id, user_task.site_id)
    if user_task.state != "open" or AUDITORS in groups:
        return Actions(can_work=False, claim_url="", unclaim_url="", assign_url="", people=[])
    candidates = candidates_of(db.session(), user_task.id)
    is_free = user_task.assignee_id is None
    is_candidate = person.id in candidates.users or bool(groups.intersection(candidates.groups))
    acting: Actor | None = current_actor()
    if user_task.assignee_id != person.id and not (is_free and is_candidate):
        acting = candidate_acting(db.session(), user_task, current_actor(), current_time())
    on_behalf_of = acting.on_behalf_of if acting else None
    is_candidate = is_candidate or on_behalf_of is not None
    is_mine = user_task.assignee_id in (person.id, on_behalf_of) and not is_free
    is_asked = is_mine and user_task.delegation == PENDING  # only for an answer
    own_work = why_own_work(user_task, on_behalf_of or "")
    is_leader = bool(groups & LEADERS)
    can_assign = (is_mine or is_leader) and not is_asked
    people = assignable_people(db.session(), user_task, by_leader=is_leader) if can_assign else []
    others = [(user_id, name) for user_id, name in people if user_id != user_task.assignee_id]
    return Actions(
        can_work=not own_work and ((is_mine and not is_asked) or (is_free and is_candidate)),
        claim_url=url_for("user_tasks.claim", user_task_id=user_task.id)
        if is_free and is_candidate and not own_work
        else "",
        unclaim_url=url_for("user_tasks.unclaim", user_task_id=user_task.id)
        if not is_asked and (is_mine or (is_leader and not is_free))
        else "",
        assign_url=url_for("user_tasks.assign", user_task_id=user_task.id) if others else "",
        people=others,
        own_work=own_work,
        on_behalf_of=on_behalf_of if on_behalf_of and (is_mine or is_free) else "",
        delegate_url=url_for("user_tasks.delegate", user_task_id=user_task.id) if is_mine else "",
        colleagues=_colleagues(user_task, people if is_leader else None) if is_mine else (),
    )


def _colleagues(user_task: SeenUserTask, of_site: Sequence[tuple[str, str]] | None) -> Sequence[tuple[str, str]]:
    """Who may be asked for an answer: anybody of the site but those who have the user task."""
    everybody = of_site if of_site is not None else assignable_people(db.session(), user_task, by_leader=True)
    return [(user_id, name) for user_id, name in everybody if user_id not in (user_task.assignee_id, _owner(user_task))]


def _owner(user_task: SeenUserTask) -> str | None:
    return user_task.owner_id if user_task.delegation == PENDING else None


def _reading() -> tuple[datetime, ZoneInfo, str]:
    return current_time(), current_person().zone, locale()


def _due(user_task: SeenUserTask) -> HumanTime | None:
    return ClockTimes(*_reading()).due(user_task) if user_task.state == "open" else None


def _wakes(user_task: SeenUserTask) -> HumanTime | None:
    if user_task.state != "open" or user_task.follow_up_at is None or user_task.follow_up_at <= current_time():
        return None
    return describe_wake(user_task.follow_up_at, *_reading())


def _group_names(candidates: Candidates) -> list[str]:
    names = group_names(db.session(), candidates.groups, locale())
    return [names.get(group, group) for group in candidates.groups]


def _tabs(user_task_id: str, instance: SeenCase, current: str) -> list[Tab]:
    looks = (
        ("form", "show", gettext("Form"), "file-text", 0),
        ("discussion", "discussion", gettext("Discussion"), "message-square", instance.comment_count),
        ("files", "files", gettext("Files"), "paperclip", instance.file_count),
        ("history", "history", gettext("History"), "history", 0),
        ("diagram", "diagram", gettext("Diagram"), "workflow", 0),
    )
    asked = current_view()
    addresses = {view: url_for(f"user_tasks.{view}", user_task_id=user_task_id, view=asked) for _, view, *_ in looks}
    return [
        Tab(key, addresses[view], name, icon, key == current, count) for key, view, name, icon, count in looks
    ]


