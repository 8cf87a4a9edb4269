"""Who changed people, groups, sites, calendars, settings and processes: read from the history, never changed here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.extensions import db
from app.models.configuration_history import configuration_page, is_every_site, people_of
from app.models.display_names import department_names, site_names
from app.operations.history_reading import RecordedEvent, decode_events
from app.web.configuration_words import CHANGES, FIELDS, NOT_SHOWN, SUBJECTS, WORDS
from app.web.current import current_person
from app.web.human_times import HumanTime
from app.web.languages import locale
from app.web.past_moments import past_moment
from app.web.people_names import actor_names, name_of, told_by
from app.web.permissions import Permission, requires, sites_with
from app.web.texts import gettext

blueprint = Blueprint("configuration_history", __name__, url_prefix="/admin/history")

LONGEST_VALUE = 300
_PERSON_FIELDS = ("user", "principal", "substitute")
_OF_DEPARTMENTS, _DEPARTMENT_FIELDS = "departments_of_user_changed", ("added", "removed")


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its old and new value; `old` is None where only one is told."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """A line of the page."""

    when: HumanTime
    what: str
    icon: str
    tone: str
    who: str
    site: str
    reason: str
    changes: list[Change]


@blueprint.get("")
@requires(Permission.READ_CONFIGURATION)
def index() -> str:
    """A page of it, of one subject or all, of one person or all."""
    subject, actor = request.args.get("subject", ""), request.args.get("actor", "").strip()
    sites = sites_with(current_person(), Permission.READ_CONFIGURATION)
    types = CHANGES.get(subject) or WORDS
    page = configuration_page(db.session(), sites, types, actor_id=actor, after=request.args.get("after"))
    known = None if is_every_site(db.session(), sites) else people_of(db.session(), sites)
    events = [event for event in decode_events(db.session(), page.rows) if _may_know(event, known)]
    following: dict[str, Any] = {"subject": subject or None, "actor": actor or None, "after": page.next_cursor}
    return render_template(
        "admin/configuration_history.html",
        events=_shown(events),
        subject=subject if subject in CHANGES else "",
        subjects=[(key, gettext(name)) for key, name in SUBJECTS.items()],
        actor=actor,
        next_url=url_for("configuration_history.index", **following) if page.next_cursor else None,
    )


def _may_know(event: RecordedEvent, known: Collection[str] | None) -> bool:
    """What concerns a person is for who looks after one of the person's sites; `known` is None for everybody."""
    concerned = {str(event.body[name]) for name in _PERSON_FIELDS if event.body.get(name)}
    return event.site_id is not None or known is None or not concerned or not concerned.isdisjoint(known)


def _shown(events: Iterable[RecordedEvent]) -> list[ShownEvent]:
    told = list(events)
    people = {event.actor_id for event in told} | {event.on_behalf_of_id for event in told}
    people |= {str(event.body[name]) for event in told for name in _PERSON_FIELDS if event.body.get(name)}
    names, sites = actor_names(people), site_names(db.session(), {event.site_id for event in told if event.site_id})
    of_departments = [event.body for event in told if event.type == _OF_DEPARTMENTS]
    departments = {one for body in of_departments for name in _DEPARTMENT_FIELDS for one in body[name]}
    called = department_names(db.session(), departments, locale())
    return [
        ShownEvent(
            when=past_moment(event.at),
            what=gettext(WORDS[event.type].text),
            icon=WORDS[event.type].icon,
            tone=WORDS[event.type].tone,
            who=told_by(event, names),
            site=sites.get(event.site_id or "", "") or gettext("Whole company"),
            reason=event.reason or "",
            changes=_changes(_with_departments(event.body, called), names),
        )
        for event in told
    ]


def _with_departments(body: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """An entry whose departments have their names instead of their ids."""
    lists = {name: body[name] for name in _DEPARTMENT_FIELDS if name in body} if names else {}
    return {**body, **{name: [names.get(one, one) for one in ids] for name, ids in lists.items()}}


def _changes(body: Mapping[str, Any], names: Mapping[str, str]) -> list[Change]:
    """Old and new of what changed, and what else the entry tells."""
    changed = body.get("changes")
    found = [
        Change(_label(name), _text(change.get("old")), _text(change.get("new")))
        for name, change in (changed.items() if isinstance(changed, Mapping) else ())
        if isinstance(change, Mapping)
    ]
    others = [
        Change(_label(name), None, name_of(str(value), names) if name in _PERSON_FIELDS else _text(value))
        for name, value in body.items()
        if name != "changes" and name not in NOT_SHOWN and value not in (None, "", [], {})
    ]
    return others + found


def _label(name: str) -> str:
    return gettext(FIELDS[name]) if name in FIELDS else name.replace("_", " ")


def _text(value: object) -> str:
    """A value as one line."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Mapping):
        text = ", ".join(f"{name}: {_text(part)}" for name, part in value.items())
    elif isinstance(value, list | tuple):
        text = ", ".join(_text(part) for part in value)
    else:
        text = "—" if value is None or value == "" else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
