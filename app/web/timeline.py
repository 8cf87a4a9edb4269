"""The history of a case as a page shows it: one entry per step, newest first, by day."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby

from app.extensions import db
from app.models.display_names import DefinitionNames, definition_names
from app.models.user_task_place import AnyCase
from app.operations.history import case_stream
from app.operations.history_reading import RecordedEvent, read_events
from app.web.current import current_person, current_time
from app.web.element_names import clock_name, element_name, has_element
from app.web.field_labels import FieldLabels, field_labels
from app.web.human_times import HumanTime, clock_time, describe_moment
from app.web.languages import locale
from app.web.people_names import actor_names, name_of, told_by
from app.web.texts import gettext
from app.web.timeline_content import content_changes
from app.web.timeline_words import CONSEQUENCES, HEADLINES, explain_incident, sentence, words_of

HANDED_OVER = frozenset({"user_task_assigned", "user_task_delegated", "user_task_resolved"})
LEFT = "user_task_handed_over"  # because an employee left
NAMELESS = frozenset({"path_taken"})  # the diagram shows it


@dataclass(frozen=True, slots=True)
class Change:
    """An answer given or a value changed."""

    label: str
    old: str
    new: str
    is_first: bool
    is_erased: bool
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class Consequence:
    """Something that followed."""

    icon: str
    text: str


@dataclass(slots=True)
class Entry:
    """One step."""

    what: str
    who: str
    icon: str
    tone: str
    when: HumanTime
    clock: str
    activity_id: str | None
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day."""

    title: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole history, or that of one user task."""

    days: list[Day]

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to put events into words; `versions` are those the case has run in, the present one first."""

    versions: tuple[DefinitionNames, ...]
    people: dict[str, str]
    labels: FieldLabels

    def element(self, event: RecordedEvent) -> str:
        """The name of an event's element, or clock, which the present version may not have any more."""
        if "clock" in event.body:
            return clock_name(self.versions, str(event.body["clock"]))
        known = (names for names in self.versions if has_element(names, event.element_id))
        return element_name(next(known, self.versions[0]), event.element_id)


def case_timeline(instance: AnyCase, user_task_id: str | None = None) -> Timeline:
    """The history of a case; of one user task only where `user_task_id` is given."""
    events = read_events(db.session(), case_stream(instance.id))
    zone = current_person().zone
    reading = Reading(
        _versions_of(instance.definition_id, events),
        actor_names(_people_in(events)),
        field_labels(db.session(), instance.definition_id, locale(), zone),
    )
    entries = [_entry(step, reading) for step in steps_of(events)]
    if user_task_id:
        entries = [entry for entry in entries if entry.activity_id == user_task_id]
    by_day = groupby(reversed(entries), lambda entry: entry.when.day)
    return Timeline([Day(title, list(members)) for title, members in by_day])


def steps_of(events: Iterable[RecordedEvent]) -> list[list[RecordedEvent]]:
    """Events in order, divided into steps: what set it off first, what followed behind."""
    steps: list[list[RecordedEvent]] = []
    for event in events:
        follows = event.type not in HEADLINES and steps and steps[-1][0].at == event.at
        if follows:
            steps[-1].append(event)
        else:
            steps.append([event])
    return steps


def _versions_of(definition_id: str, events: Iterable[RecordedEvent]) -> tuple[DefinitionNames, ...]:
    earlier = [event.body["definition_id"] for event in events if event.type == "case_migrated"]
    ids = list(dict.fromkeys((definition_id, *reversed(earlier))))
    names = definition_names(db.session(), ids)
    return tuple(names[each] for each in ids)


def _people_in(events: Iterable[RecordedEvent]) -> set[str | None]:
    people: set[str | None] = set()
    for event in events:
        people |= {event.actor_id, event.on_behalf_of_id, event.body.get("assignee"), event.body.get("old_assignee")}
        if event.type == LEFT:
            people |= {event.body["from"], event.body["to"]}
    return people


def _entry(step: Sequence[RecordedEvent], reading: Reading) -> Entry:
    first, *rest = step
    words = words_of(first)
    zone = current_person().zone
    entry = Entry(
        what=sentence(first, reading.element(first)),
        who=_who(first, reading),
        icon=words.icon,
        tone=words.tone,
        when=describe_moment(first.at, current_time(), zone, locale()),
        clock=clock_time(first.at, zone),
        activity_id=first.activity_id,
        reason=_why(first),
    )
    if first.type == "case_migrated":
        versions = gettext("Version %(old)s → %(new)s", old=first.body["version"], new=first.body["new_version"])
        entry.consequences.append(Consequence("git-branch", versions))
    for event in rest:
        _add(entry, event, reading)
    entry.changes += [
        Change(label, old, new, is_first=not old, is_erased=first.is_erased and not new)
        for label, old, new in content_changes(first, reading.labels)
    ]
    changed = {event.body["name"] for event in rest if event.type == "variable_changed"}
    entry.changes += unchanged_answers(first, changed, reading.labels)
    return entry


def _why(event: RecordedEvent) -> str:
    """The reason given, what people wrote to each other, or why there is an incident."""
    if event.type == "incident_raised":
        return explain_incident(event)
    return event.reason or str((event.personal or {}).get("remark", ""))


def unchanged_answers(event: RecordedEvent, changed: Set[str], labels: FieldLabels) -> list[Change]:
    """What a person answered the same as before: it changed nothing, yet it was said again."""
    if event.type != "user_task_completed":
        return []
    answers = {**event.body.get("inputs", {}), **(event.personal or {}).get("inputs", {})}
    return [
        Change(labels.label(name), "", labels.words(name, value), is_first=True, is_erased=False, is_same=True)
        for name, value in answers.items()
        if value is not None and name not in changed and labels.is_labelled(name)
    ]


def _add(entry: Entry, event: RecordedEvent, reading: Reading) -> None:
    if event.type == "variable_changed":
        if _says_nothing(event):
            return
        change = _change(event, reading.labels)
        if reading.labels.is_labelled(event.body["name"]):
            entry.changes.append(change)
        else:
            value = change.new if change.is_first else f"{change.old} → {change.new}"
            entry.consequences.append(Consequence("pencil", f"{change.label}: {value}"))
        return
    if event.type == "incident_raised":
        entry.tone = "bad"
        text = f"{sentence(event, reading.element(event))} — {explain_incident(event)}"
        entry.consequences.insert(0, Consequence("triangle-alert", text))
        return
    if event.type not in NAMELESS:
        icon = CONSEQUENCES[event.type].icon if event.type in CONSEQUENCES else words_of(event).icon
        entry.consequences.append(Consequence(icon, sentence(event, reading.element(event))))


def _says_nothing(event: RecordedEvent) -> bool:
    """A variable that came into being without a value."""
    values = event.personal if event.personal is not None else event.body
    return not event.is_erased and values.get("old") is None and values.get("new") is None


def _change(event: RecordedEvent, labels: FieldLabels) -> Change:
    name = event.body["name"]
    values = event.personal if event.personal is not None else event.body
    if event.is_erased:
        return Change(labels.label(name), "", "", is_first=False, is_erased=True)
    empty = gettext("empty")
    return Change(
        labels.label(name),
        labels.words(name, values.get("old")) or empty,
        gettext("removed") if event.body.get("is_removed") else labels.words(name, values.get("new")) or empty,
        is_first=values.get("old") is None,
        is_erased=False,
    )


def _who(event: RecordedEvent, reading: Reading) -> str:
    actor = told_by(event, reading.people)
    if event.type == LEFT:
        leaver, successor = event.body["from"], event.body["to"]
        after = name_of(str(successor), reading.people) if successor else gettext("its groups")
        return f"{actor} · {name_of(str(leaver), reading.people)} → {after}"
    old, new = event.body.get("old_assignee"), event.body.get("assignee")
    if event.type in HANDED_OVER and new:
        before = name_of(str(old), reading.people) if old else gettext("nobody")
        return f"{actor} · {before} → {name_of(str(new), reading.people)}"
    return actor
