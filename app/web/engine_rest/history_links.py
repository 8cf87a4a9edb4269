"""/history/identity-link-log: who got user tasks into their hands, and whom they were meant for."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.program_events import LINKS
from app.models.program_lists import Wanted, rows_of
from app.operations.history_reading import RecordedEvent
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person
from app.web.engine_rest.history_events import Told, events_of, told_events
from app.web.engine_rest.list_routes import BY_ADDRESS, add_reading
from app.web.engine_rest.lists import Sent, part_in, sent_query, wanted_of
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission

blueprint = resource("history_links", "/history")

MOST_EVENTS = 20_000
# One event tells of several links, so these are asked of what it tells.
OF_LINK = ("type", "userId", "groupId", "operationType")


def query() -> ResponseReturnValue:
    """What the request asks for."""
    sent = sent_query()
    first, most = part_in(sent)
    return [*_links(told_events(_events(sent)), sent)][first : first + most]


def count() -> ResponseReturnValue:
    """How many there are; nobody has seen what they say."""
    sent = sent_query()
    return {"count": sum(1 for _link in _links(events_of(_events(sent)), sent))}


def _events(sent: Sent) -> Sequence[Any]:
    wanted = wanted_of(LINKS, {name: value for name, value in sent.items() if name not in OF_LINK})
    all_of_them = Wanted(wanted.conditions, wanted.orders, 0, MOST_EVENTS + 1)
    rows = rows_of(db.session(), LINKS, current_person().id, all_of_them)
    if len(rows) > MOST_EVENTS:
        raise MalformedRequest(N_("There are too many: ask for those of a task, a process or a time."))
    return rows


def _links(events: Iterable[Told], sent: Sent) -> Iterator[dict[str, Any]]:
    asked = {name: sent[name] for name in OF_LINK if sent.get(name)}
    for told in events:
        for number, link in enumerate(_told_links(told.event)):
            if asked.items() <= link.items():
                yield {**_shape(told), "id": f"{told.event.sequence}:{number}", **link}


def _told_links(event: RecordedEvent) -> Iterable[dict[str, Any]]:
    """Links added and taken away by an event."""
    body = event.body
    if body.get("old_assignee"):
        yield _link("assignee", body["old_assignee"], None, "delete")
    if body.get("assignee"):
        yield _link("assignee", body["assignee"], None, "add")
    if body.get("owner"):
        yield _link("owner", body["owner"], None, "add")
    for user_id in body.get("candidate_users", ()):
        yield _link("candidate", user_id, None, "add")
    for group_id in body.get("candidate_groups", ()):
        yield _link("candidate", None, group_id, "add")


def _link(kind: str, user_id: str | None, group_id: str | None, operation: str) -> dict[str, Any]:
    return {"type": kind, "userId": user_id, "groupId": group_id, "operationType": operation}


def _shape(told: Told) -> dict[str, Any]:
    event = told.event
    return {
        "time": write_moment(event.at),
        "taskId": event.activity_id,
        "processDefinitionId": told.row.definition_id,
        "processDefinitionKey": told.row.process_key,
        "assignerId": event.actor_id,
        "tenantId": event.site_id,
        "removalTime": None,
        "rootProcessInstanceId": event.instance_id,
    }


add_reading(blueprint, "/identity-link-log", BY_ADDRESS, query, Permission.READ_HISTORY)
add_reading(blueprint, "/identity-link-log/count", BY_ADDRESS, count, Permission.READ_HISTORY)
