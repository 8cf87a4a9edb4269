"""/filter: queries of user tasks that a person keeps under a name, and what they find."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.program_lists import Wanted, count_of, rows_of
from app.models.program_user_tasks import USER_TASKS
from app.models.saved_filter import SAVED_FILTERS
from app.operations.saved_filters import FilterContent, FilterNotFound, change_filter, delete_filter, save_filter
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_actor, current_person, current_time, this_request
from app.web.engine_rest.bodies import needed_text, object_in, read_body, text_in
from app.web.engine_rest.list_routes import BOTH, BY_ADDRESS, add_reading
from app.web.engine_rest.lists import OR_QUERIES, found_in, sent_query, wanted_of
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.user_tasks import shape as shape_user_task
from app.web.permissions import Permission, requires

blueprint = resource("filter", "/filter")

KIND = "Task"
# Of the filters, not of what they find.
ITEM_COUNT, RESOURCE_TYPE = "itemCount", "resourceType"
# What a saved view of the inbox asks for, in the words of programs; those with a search, and all other views, are not
# listed here.
AWAKE = {"followUpBeforeOrNotExistentExpression": "${now()}"}
QUERIES: Mapping[str, Mapping[str, str | bool]] = {
    "mine": {"assigneeExpression": "${currentUser()}", **AWAKE},
    "claimable": {"candidateUserExpression": "${currentUser()}", "unassigned": True, **AWAKE},
    "delegated": {"ownerExpression": "${currentUser()}", "delegationState": "PENDING"},
}
JOINED = frozenset({"processVariables", "taskVariables", OR_QUERIES})


@blueprint.post("/create")
@requires(Permission.WORK)
@needs_scope("work")
def create() -> ResponseReturnValue:
    """Keep a query; one that this product would not carry out is refused."""
    filter_id = save_filter(db.session(), _content(read_body()), actor=current_actor(), now=current_time())
    return _shape(_existing(filter_id))


@blueprint.put("/<filter_id>")
@requires(Permission.WORK)
@needs_scope("work")
def change(filter_id: str) -> ResponseReturnValue:
    """Keep another in its place."""
    _existing(filter_id)
    change_filter(db.session(), filter_id, _content(read_body()), actor=current_actor(), now=current_time())
    return DONE


@blueprint.delete("/<filter_id>")
@requires(Permission.WORK)
@needs_scope("work")
def remove(filter_id: str) -> ResponseReturnValue:
    """Throw one away."""
    delete_filter(db.session(), filter_id, actor=current_actor(), now=current_time())
    return DONE


def _all() -> ResponseReturnValue:
    wanted = wanted_of(SAVED_FILTERS, _sent())
    rows = rows_of(db.session(), SAVED_FILTERS, current_person().id, wanted)
    return [_shape(row) for row in rows]


def _count() -> ResponseReturnValue:
    return {"count": count_of(db.session(), SAVED_FILTERS, current_person().id, wanted_of(SAVED_FILTERS, _sent()))}


def _one(filter_id: str) -> ResponseReturnValue:
    return _shape(_existing(filter_id))


def _list(filter_id: str) -> ResponseReturnValue:
    return [shape_user_task(row) for row in _found(_extended(filter_id))]


def _single(filter_id: str) -> ResponseReturnValue:
    rows = _found(_extended(filter_id))
    if len(rows) > 1:
        raise MalformedRequest(N_("The filter finds more than one."))
    return shape_user_task(rows[0]) if rows else DONE


def _count_found(filter_id: str) -> ResponseReturnValue:
    return {"count": _counted(_extended(filter_id))}


def _sent() -> dict[str, Any]:
    """Which filters are asked for; there are none but those of user tasks."""
    sent = dict(this_request().args.items())
    sent.pop(ITEM_COUNT, None)
    if sent.pop(RESOURCE_TYPE, KIND) != KIND:
        raise NotOffered(f"{RESOURCE_TYPE} other than {KIND}")
    return sent


def _content(body: Mapping[str, Any]) -> FilterContent:
    if (text_in(body, RESOURCE_TYPE) or KIND) != KIND:
        raise NotOffered(f"{RESOURCE_TYPE} other than {KIND}")
    if text_in(body, "owner") not in (None, current_person().id):
        raise NotOffered("owner (filter)")
    query = {name: value for name, value in object_in(body, "query").items() if value is not None}
    wanted_of(USER_TASKS, query)  # what cannot be asked is said now, not when somebody looks
    return FilterContent(needed_text(body, "name"), query, object_in(body, "properties"))


def _existing(filter_id: str) -> Any:
    return found_in(SAVED_FILTERS, filter_id, FilterNotFound)


def _extended(filter_id: str) -> Wanted:
    """The query that is kept, and what the request adds: of the same name the request's counts, variables add up."""
    kept = _query(_existing(filter_id))
    added = {name: value for name, value in sent_query().items() if value is not None}
    joined = wanted_of(USER_TASKS, {name: kept[name] for name in JOINED & kept.keys() & added.keys()})
    both = wanted_of(USER_TASKS, {**kept, **added})
    return replace(both, conditions=[*joined.conditions, *both.conditions])


def _found(wanted: Wanted) -> Any:
    return rows_of(db.session(), USER_TASKS, current_person().id, wanted)


def _counted(wanted: Wanted) -> int:
    return count_of(db.session(), USER_TASKS, current_person().id, wanted)


def _query(row: Any) -> dict[str, Any]:
    """What a filter asks for, also where it is a view of the inbox."""
    if row.view is None:
        kept: dict[str, Any] = json.loads(row.query)
        return kept
    return {**QUERIES[row.view], **({"processDefinitionKey": row.process_key} if row.process_key else {})}


def _shape(row: Any) -> dict[str, Any]:
    """A filter as clients know it; how much it finds, where they ask for that."""
    query = _query(row)
    is_counted = this_request().args.get(ITEM_COUNT) == "true"
    return {
        "id": row.id,
        "resourceType": KIND,
        "name": row.name,
        "owner": row.owner_id,
        "query": query,
        "properties": json.loads(row.properties),
        "itemCount": _counted(wanted_of(USER_TASKS, query)) if is_counted else None,
    }


add_reading(blueprint, "", BY_ADDRESS, _all, Permission.WORK)
add_reading(blueprint, "/count", BY_ADDRESS, _count, Permission.WORK)
add_reading(blueprint, "/<filter_id>", BY_ADDRESS, _one, Permission.WORK)
add_reading(blueprint, "/<filter_id>/list", BOTH, _list, Permission.WORK)
add_reading(blueprint, "/<filter_id>/singleResult", BOTH, _single, Permission.WORK)
add_reading(blueprint, "/<filter_id>/count", BOTH, _count_found, Permission.WORK)
