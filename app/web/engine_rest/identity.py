"""/user, /group, /tenant, /identity and /authorization/check: who works here, and what the program may do."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.models.program_people import GROUPS, TENANTS, USERS
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered
from app.web.current import current_person, this_request
from app.web.engine_rest.bodies import missing_value
from app.web.engine_rest.list_routes import BY_ADDRESS, add_list, add_one
from app.web.engine_rest.missing_rows import nothing_there
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, permissions_of, requires

blueprint = resource("identity")

# What of ours answers for what of Camunda 7's: by resource and permission, `*` for any other permission.
ANSWERS: dict[tuple[str, str], Permission] = {
    ("task", "*"): Permission.WORK,
    ("process definition", "CREATE_INSTANCE"): Permission.START_PROCESS,
    ("process definition", "READ"): Permission.READ_CASES,
    ("process definition", "*"): Permission.CHANGE_CASES,
    ("process instance", "READ"): Permission.READ_CASES,
    ("process instance", "CREATE"): Permission.START_PROCESS,
    ("process instance", "*"): Permission.CHANGE_CASES,
    ("deployment", "READ"): Permission.READ_CASES,
    ("deployment", "*"): Permission.DEPLOY,
    ("user", "READ"): Permission.WORK,
    ("user", "*"): Permission.ADMINISTER,
    ("group", "READ"): Permission.WORK,
    ("group", "*"): Permission.ADMINISTER,
    ("batch", "*"): Permission.CHANGE_CASES,
}


@blueprint.get("/identity/groups")
@requires(Permission.WORK)
@needs_scope("read")
def groups_of_user() -> ResponseReturnValue:
    """The groups of a person, and who is in them with one."""
    user_id = this_request().args.get("userId")
    if not user_id:
        raise missing_value("userId")
    if user_id != current_person().id:
        raise NotOffered("identity/groups of somebody else")
    found = sorted(current_person().groups)
    return {"groups": [{"id": one, "name": one} for one in found], "groupUsers": [_named_user(user_id)]}


@blueprint.get("/authorization/check")
@requires(Permission.WORK)
@needs_scope("read")
def check() -> ResponseReturnValue:
    """Whether the program's person may do something in general; which cases it sees, the lists say."""
    asked = this_request().args
    wanted, kind = asked.get("permissionName", ""), asked.get("resourceName", "").lower().replace("_", " ")
    permission = ANSWERS.get((kind, wanted.upper())) or ANSWERS.get((kind, "*"))
    if permission is None or asked.get("userId") not in (None, current_person().id):
        raise NotOffered(f"authorization/check {kind} {wanted}"[:80])
    return {
        "permissionName": wanted,
        "resourceName": asked.get("resourceName"),
        "resourceId": asked.get("resourceId"),
        "isAuthorized": permission in permissions_of(current_person()),
    }


def _user(row: Any) -> dict[str, Any]:
    """A display name has no parts; addresses are nobody else's."""
    return {"id": row.id, "firstName": row.display_name, "lastName": None, "email": None}


def _named_user(user_id: str) -> dict[str, Any]:
    name = current_person().display_name
    return {"id": user_id, "firstName": name, "lastName": None, "displayName": name}


def _group(row: Any) -> dict[str, Any]:
    return {"id": row.id, "name": row.name_en, "type": "WORKFLOW"}


def _tenant(row: Any) -> dict[str, Any]:
    return {"id": row.id, "name": row.name}


add_list(blueprint, "/user", USERS, _user, Permission.WORK, methods=BY_ADDRESS)
add_list(blueprint, "/group", GROUPS, _group, Permission.WORK)
add_list(blueprint, "/tenant", TENANTS, _tenant, Permission.WORK, methods=BY_ADDRESS)
add_one(blueprint, "/user/<user_id>/profile", USERS, _user, nothing_there, Permission.WORK)
add_one(blueprint, "/group/<group_id>", GROUPS, _group, nothing_there, Permission.WORK)
add_one(blueprint, "/tenant/<site_id>", TENANTS, _tenant, nothing_there, Permission.WORK)
