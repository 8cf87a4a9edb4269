"""The history of a customer's or vehicle's file, the newest first; what other sites recorded is not shown."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.extensions import db
from app.models.customer_access import FILE_READERS, working_sites
from app.operations.history import customer_stream
from app.operations.history_reading import RecordedEvent, read_events
from app.web.current import current_person
from app.web.customer_words import CONSENTS, REQUESTS, SOURCES, event_words, label_of, value_of
from app.web.human_times import HumanTime
from app.web.past_moments import past_moment
from app.web.people_names import actor_names, told_by
from app.web.texts import gettext

MOST = 60


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its old and new value."""

    label: str
    old: str
    new: str
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class FileEvent:
    """A line of the history."""

    when: HumanTime
    what: str
    icon: str
    tone: str
    who: str
    text: str = ""
    changes: list[Change] = field(default_factory=list)


def file_history(customer_ids: Collection[str], vehicle_id: str | None = None) -> list[FileEvent]:
    """The history of customers' files; with `vehicle_id` only what is about this vehicle."""
    sites = set(working_sites(db.session(), current_person().id, FILE_READERS))
    events = [
        event
        for customer_id in customer_ids
        for event in read_events(db.session(), customer_stream(customer_id))
        if (event.site_id is None or event.site_id in sites) and (vehicle_id is None or _is_about(event, vehicle_id))
    ]
    newest = sorted(events, key=lambda event: (event.at, event.sequence), reverse=True)[:MOST]
    names = actor_names({person for event in newest for person in (event.actor_id, event.on_behalf_of_id)})
    return [_shown(event, names) for event in newest]


def _is_about(event: RecordedEvent, vehicle_id: str) -> bool:
    return vehicle_id in (event.body.get("vehicle_id"), event.body.get("card_id"))


def _shown(event: RecordedEvent, names: dict[str, str]) -> FileEvent:
    words = event_words(event)
    return FileEvent(
        when=past_moment(event.at),
        what=gettext(words.text, element=event.type),
        icon=words.icon,
        tone=words.tone,
        who=told_by(event, names),
        text=_text(event),
        changes=_changes(event),
    )


def _text(event: RecordedEvent) -> str:
    body = event.body
    if event.type == "consent_recorded":
        state, source = CONSENTS.get(body["state"]), SOURCES.get(body["source"])
        return " · ".join(gettext(text) for text in (state[0] if state else "", source or "") if text)
    if event.type == "do_not_contact_changed":
        return gettext("must not be contacted") if body["is_do_not_contact"] else gettext("may be contacted again")
    if event.type.startswith("card_request_"):
        asked_for = REQUESTS.get(str(body.get("kind")))
        kind = gettext(asked_for) if asked_for else ""
        reason = (event.personal or {}).get("reason", "")
        return f"{kind} · {reason}" if reason else kind
    if event.type.startswith("card_"):
        return gettext("Vehicle") if body.get("card") == "vehicle" else gettext("Customer")
    if event.type.startswith("attachment_"):
        return str((event.personal or {}).get("name", ""))
    return event.reason or ""


def _changes(event: RecordedEvent) -> list[Change]:
    personal = event.personal or {}
    if event.type == "card_request_made":
        return [
            Change(label_of(name), value_of(name, change["old"]), value_of(name, change["new"]))
            for name, change in personal.get("changes", {}).items()
            if name != "holder"
        ]
    name = "plate" if event.type == "vehicle_plate_changed" else event.body.get("field")
    if not name or name == "holder":
        return []
    if event.is_erased:
        return [Change(label_of(name), "", "", is_erased=True)]
    return [Change(label_of(name), value_of(name, _plain(personal, "old")), value_of(name, _plain(personal, "new")))]


def _plain(personal: dict[str, object], key: str) -> str:
    return str(personal.get(key) or "")
