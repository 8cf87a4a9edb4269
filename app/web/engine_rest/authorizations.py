"""/authorization: what groups may do, told as rows; they follow from groups and diagrams and are made nowhere else."""

from collections.abc import Iterator, Sequence

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.extensions import db
from app.models import Group, ProcessAccess
from app.web.engine_rest.list_routes import BY_ADDRESS, add_reading
from app.web.engine_rest.missing_rows import nothing_there
from app.web.engine_rest.resource import resource
from app.web.engine_rest.short_lists import NO_ROW, Shape, ShortList, add_short_list, one_of, same
from app.web.permissions import Permission, granted

blueprint = resource("authorization", "/authorization")

# Camunda 7's numbers of resources; 1 is the type of a row that grants something.
USER, GROUP, MEMBERSHIP, PROCESS_DEFINITION, PROCESS_INSTANCE, DEPLOYMENT, TENANT, BATCH = 1, 2, 3, 6, 8, 9, 11, 13
GRANT = 1
EVERY_ONE = "*"
# What a permission of ours means there, for every process and person of the site.
MEANINGS: Sequence[tuple[int, Permission, tuple[str, ...]]] = (
    (USER, Permission.WORK, ("READ",)),
    (USER, Permission.ADMINISTER, ("CREATE", "UPDATE", "DELETE")),
    (GROUP, Permission.WORK, ("READ",)),
    (MEMBERSHIP, Permission.ADMINISTER, ("CREATE", "DELETE")),
    (PROCESS_DEFINITION, Permission.READ_CASES, ("READ",)),
    (PROCESS_DEFINITION, Permission.CHANGE_CASES, ("SUSPEND", "SUSPEND_INSTANCE", "UPDATE_INSTANCE")),
    (PROCESS_DEFINITION, Permission.CHANGE_CASES, ("DELETE_INSTANCE", "MIGRATE_INSTANCE", "RETRY_JOB")),
    (PROCESS_INSTANCE, Permission.START_PROCESS, ("CREATE",)),
    (DEPLOYMENT, Permission.READ_CASES, ("READ",)),
    (DEPLOYMENT, Permission.DEPLOY, ("CREATE", "DELETE")),
    (TENANT, Permission.WORK, ("READ",)),
    (BATCH, Permission.CHANGE_CASES, ("CREATE", "READ", "UPDATE", "DELETE")),
)  # fmt: skip
_TESTS = {
    "id": same("id"),
    "type": same("type", "number"),
    "userIdIn": NO_ROW,
    "groupIdIn": one_of("groupId"),
    "resourceType": same("resourceType", "number"),
    "resourceId": same("resourceId"),
}
_ORDERS = {"resourceType": "resourceType", "resourceId": "resourceId"}


def _one(authorization_id: str) -> ResponseReturnValue:
    for row in _rows():
        if row["id"] == authorization_id:
            return row
    raise nothing_there()


def _rows() -> Iterator[Shape]:
    for group_id in db.session.scalars(select(Group.id).order_by(Group.id)):
        yield from _of_group(group_id)
    query = select(ProcessAccess).order_by(ProcessAccess.process_key, ProcessAccess.group_id)
    for access in db.session.scalars(query):
        permissions = ["CREATE_INSTANCE"] if access.can_start else []
        permissions += ["READ_INSTANCE", "READ_HISTORY"] if access.can_read else []
        if permissions:
            yield _row(access.group_id, PROCESS_DEFINITION, access.process_key, permissions)


def _of_group(group_id: str) -> Iterator[Shape]:
    """What holds for all there is of a resource, one row for each."""
    held = granted(group_id)
    by_resource: dict[int, list[str]] = {}
    for kind, permission, names in MEANINGS:
        if permission in held:
            by_resource.setdefault(kind, []).extend(names)
    for kind, permissions in by_resource.items():
        yield _row(group_id, kind, EVERY_ONE, permissions)


def _row(group_id: str, kind: int, resource_id: str, permissions: list[str]) -> Shape:
    return {
        "id": f"{kind}:{resource_id}:{group_id}",
        "type": GRANT,
        "permissions": permissions,
        "userId": None,
        "groupId": group_id,
        "resourceType": kind,
        "resourceId": resource_id,
        "removalTime": None,
        "rootProcessInstanceId": None,
    }


add_short_list(blueprint, "", ShortList(lambda _sent: _rows(), _TESTS, _ORDERS), Permission.READ_CONFIGURATION)
add_reading(blueprint, "/<authorization_id>", BY_ADDRESS, _one, Permission.READ_CONFIGURATION)
