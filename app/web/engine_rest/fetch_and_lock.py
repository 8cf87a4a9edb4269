"""/external-task/fetchAndLock: a worker asks for work, and waits a while where there is none (long polling)."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue

from app.config import Config
from app.extensions import db
from app.i18n import N_
from app.models.job import Job
from app.models.prepared import table_of
from app.models.program_external_tasks import external_tasks
from app.operations.encoding import decode_values
from app.operations.external_tasks import Fetcher, Topic, fetch_external_tasks, has_external_tasks
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_person, current_time
from app.web.engine_rest.bodies import (
    flag_in,
    needed_text,
    number_in,
    object_in,
    objects_in,
    read_body,
    text_in,
    texts_in,
)
from app.web.engine_rest.case_values import values_in_scope
from app.web.engine_rest.external_task_work import lock_duration
from app.web.engine_rest.external_tasks import shape
from app.web.engine_rest.lists import equal_values
from app.web.engine_rest.resource import resource
from app.web.engine_rest.variables import Typed, read_variable, write_variables
from app.web.permissions import Permission, requires, sites_with
from app.web.transactions import commits_itself, write_transaction

blueprint = resource("fetch_and_lock", "/external-task")

LONGEST_WAIT_SECONDS, BETWEEN_LOOKS_SECONDS = 30.0, 0.25
MOST_FETCHED, MOST_TOPICS = 100, 100
EXTENSION = "waiting_workers"
_FETCHED = table_of(Job).c.id


@blueprint.post("/fetchAndLock")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
@commits_itself  # waits for work without a transaction
def fetch_and_lock() -> ResponseReturnValue:
    """Up to maxTasks external tasks of the topics, oldest first, locked for this worker."""
    body = read_body()
    worker_id, asked = needed_text(body, "workerId"), objects_in(body, "topics")
    if len(asked) > MOST_TOPICS:
        raise MalformedRequest(N_("Ask for fewer topics at once: %(most)s at most."), most=MOST_TOPICS)
    topics = [_topic(entry) for entry in asked]
    named = {topic.name: _wish(entry) for topic, entry in zip(topics, asked, strict=True)}
    most = min(max(number_in(body, "maxTasks") or 1, 1), MOST_FETCHED)
    waits = min((number_in(body, "asyncResponseTimeout") or 0) / 1000, LONGEST_WAIT_SECONDS)
    person = current_person()
    fetcher = Fetcher(person.id, sites_with(person, Permission.CHANGE_CASES))
    if not topics or not _wait_for_work(topics, fetcher, waits):
        return []
    with write_transaction():
        fetched = fetch_external_tasks(
            db.session(), topics, worker_id=worker_id, most=most,
            is_urgent_first=flag_in(body, "usePriority"), fetcher=fetcher, now=current_time(),
        )  # fmt: skip
    return _shaped(fetched, named)


def _wait_for_work(topics: Sequence[Topic], fetcher: Fetcher, seconds: float) -> bool:
    """Whether there is something to fetch now or soon; when too many wait already, nobody else does."""
    if _is_there_work(topics, fetcher):
        return True
    config: Config = current_app.extensions["config"]
    # Threads that wait here serve nobody else.
    slots = current_app.extensions.setdefault(EXTENSION, threading.BoundedSemaphore(max(config.threads // 4, 1)))
    if seconds <= 0 or not slots.acquire(blocking=False):
        return False
    try:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(BETWEEN_LOOKS_SECONDS)
            if _is_there_work(topics, fetcher):
                return True
        return False
    finally:
        slots.release()


def _is_there_work(topics: Sequence[Topic], fetcher: Fetcher) -> bool:
    found = has_external_tasks(db.session(), topics, fetcher, current_time())
    db.session.rollback()  # nothing is held while the worker waits
    return found


def _topic(entry: Mapping[str, Any]) -> Topic:
    if entry.get("processDefinitionVersionTag"):
        raise NotOffered("processDefinitionVersionTag (topics)")
    keys, ids = texts_in(entry, "processDefinitionKeyIn"), texts_in(entry, "processDefinitionIdIn")
    keys += [key] if (key := text_in(entry, "processDefinitionKey")) else []
    ids += [one] if (one := text_in(entry, "processDefinitionId")) else []
    return Topic(
        needed_text(entry, "topicName"), lock_duration(entry, "lockDuration"), keys, ids, text_in(entry, "businessKey"),
        site_ids=texts_in(entry, "tenantIdIn"), values=equal_values(_values(object_in(entry, "processVariables"))),
    )  # fmt: skip


def _values(sent: Mapping[str, Any]) -> dict[str, object]:
    """FEEL values of variables that a case must have, sent as plain JSON."""
    return {name: read_variable(name, {"value": value}) for name, value in sent.items()}


@dataclass(frozen=True, slots=True)
class _Wish:
    """Which variables the worker wants of a topic: those named (None: all), or only those of the task itself."""

    names: list[str] | None
    is_local: bool


def _wish(entry: Mapping[str, Any]) -> _Wish:
    names = None if entry.get("variables") is None else texts_in(entry, "variables")
    return _Wish(names, flag_in(entry, "localVariables"))


def _shaped(job_ids: Sequence[str], named: Mapping[str, _Wish]) -> list[dict[str, Any]]:
    rows = {row.id: row for row in db.session.execute(external_tasks().where(_FETCHED.in_(job_ids)))}
    return [
        {
            **shape(row),
            "errorDetails": row.error_details,
            "variables": _variables(row, named[row.topic]),
        }
        for job_id in job_ids
        if (row := rows.get(job_id)) is not None
    ]


def _variables(row: Any, wish: _Wish) -> dict[str, Typed]:
    inputs = decode_values(json.loads(row.payload)["inputs"])  # of its input mapping
    around = {} if wish.is_local else values_in_scope(row.instance_id, row.execution_id or row.instance_id)
    values = {**around, **inputs}
    return write_variables({name: value for name, value in values.items() if wish.names is None or name in wish.names})
