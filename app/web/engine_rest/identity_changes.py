"""/user, /group and /tenant: people, groups and sites changed by administrators, as on their pages."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models import Group, Site
from app.models.program_people import GROUPS, TENANTS
from app.operations.administration import require_account_administrator
from app.operations.groups import change_group, create_group
from app.operations.memberships import change_memberships, memberships_of
from app.operations.sites import change_site, create_site
from app.operations.user_accounts import change_account, disable_user
from app.operations.user_sign_in import unlock_user
from app.operations.users import NewUser, choose_own_password, create_user, existing_user, set_password
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_actor, current_person, current_time, this_request
from app.web.engine_rest.bodies import missing_value, needed_text, object_in, read_body, text_in
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.missing_rows import nothing_there
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.engine_rest.sites import chosen_site
from app.web.permissions import Permission, requires, sites_with
from app.web.proofs import has_proved_password
from app.web.transactions import commits_itself, write_transaction

blueprint = resource("identity_changes")


@blueprint.post("/user/create")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def add_user() -> ResponseReturnValue:
    """Make a user, who changes the password at the first sign-in and is in no group yet."""
    body = read_body()
    profile, credentials = object_in(body, "profile"), object_in(body, "credentials")
    new = NewUser(
        needed_text(profile, "id"),
        _display_name(profile) or needed_text(profile, "id"),
        memberships=(),
        email=text_in(profile, "email"),
        home_site_id=_site(),
    )
    create_user(db.session(), new, needed_text(credentials, "password"), actor=current_actor(), now=current_time())
    return DONE


@blueprint.delete("/user/<user_id>")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def remove_user(user_id: str) -> ResponseReturnValue:
    """Disable a user: histories name people for ever."""
    disable_user(db.session(), user_id, reason=REASON, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/user/<user_id>/unlock")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def unlock(user_id: str) -> ResponseReturnValue:
    """Forget the wrong passwords that were counted, so that the user may try again at once."""
    unlock_user(db.session(), user_id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.put("/user/<user_id>/profile")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def change_profile(user_id: str) -> ResponseReturnValue:
    """Name and address; what is null stays, as addresses are not given out."""
    session, actor, now = db.session(), current_actor(), current_time()
    user, body = existing_user(session, user_id), read_body()
    change_account(
        session,
        user_id,
        display_name=_display_name(body) or user.display_name,
        email=text_in(body, "email") or user.email,
        locale=user.locale,
        home_site_id=user.home_site_id,
        actor=actor,
        now=now,
    )
    return DONE


@blueprint.put("/user/<user_id>/credentials")
@requires(Permission.WORK)
@needs_scope("administer")
@commits_itself  # the password is checked between two transactions
def change_credentials(user_id: str) -> ResponseReturnValue:
    """A new password: for others by an administrator, for oneself with the present one."""
    person, session = current_person(), db.session()
    if user_id != person.id:
        require_account_administrator(session, current_actor(), existing_user(session, user_id))
        session.rollback()  # a transaction that has begun as a reader cannot write
    body = read_body()
    new, present = needed_text(body, "password"), text_in(body, "authenticatedUserPassword")
    if user_id == person.id and not present:
        raise missing_value("authenticatedUserPassword")
    if present and not has_proved_password(person.id, present):
        raise MalformedRequest(N_("This is not your password."))
    with write_transaction():
        if user_id == person.id:
            choose_own_password(db.session(), user_id, new, now=current_time())
        else:
            set_password(db.session(), user_id, new, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/group/create")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def add_group() -> ResponseReturnValue:
    """Add a group that diagrams may name; the name stands for both languages."""
    body = read_body()
    name, actor = needed_text(body, "name"), current_actor()
    create_group(db.session(), needed_text(body, "id"), name_zh=name, name_en=name, actor=actor, now=current_time())
    return DONE


@blueprint.put("/group/<group_id>")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def rename_group(group_id: str) -> ResponseReturnValue:
    """Rename a group in English; in Chinese as well where it had one name for both."""
    found_in(GROUPS, group_id, nothing_there)
    group, name = db.session.get_one(Group, group_id), needed_text(read_body(), "name")
    change_group(
        db.session(),
        group_id,
        name_zh=name if group.name_zh == group.name_en else group.name_zh,
        name_en=name,
        is_second_factor_required=group.requires_second_factor,
        actor=current_actor(),
        now=current_time(),
    )
    return DONE


@blueprint.put("/group/<group_id>/members/<user_id>")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def add_member(group_id: str, user_id: str) -> ResponseReturnValue:
    """Put a user into a group at a site: that of the administrator, or `?tenantId=`."""
    added = {(group_id, _site())} - memberships_of(db.session(), user_id)
    _change_groups(user_id, added=added)
    return DONE


@blueprint.delete("/group/<group_id>/members/<user_id>")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def remove_member(group_id: str, user_id: str) -> ResponseReturnValue:
    """Take a user out of a group at every site that the administrator looks after, or at `?tenantId=` only."""
    wish, own = this_request().args.get("tenantId"), sites_with(current_person(), Permission.ADMINISTER)
    sites = own if wish is None else {wish}
    removed = {(group, site) for group, site in memberships_of(db.session(), user_id) if group == group_id}
    _change_groups(user_id, removed={(group, site) for group, site in removed if site in sites})
    return DONE


@blueprint.post("/tenant/create")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def add_tenant() -> ResponseReturnValue:
    """Create a site in the time zone of the administrator's own, with the usual working calendar."""
    body, home = read_body(), current_person().home_site_id
    session, zone = db.session(), Site.zone.default.arg if home is None else db.session.get_one(Site, home).zone
    site_id, name = needed_text(body, "id"), needed_text(body, "name")
    create_site(session, site_id, name, zone=zone, is_outlet=False, actor=current_actor(), now=current_time())
    return DONE


@blueprint.put("/tenant/<site_id>")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def rename_tenant(site_id: str) -> ResponseReturnValue:
    """Rename a site."""
    found_in(TENANTS, site_id, nothing_there)
    site, name = db.session.get_one(Site, site_id), needed_text(read_body(), "name")
    change_site(
        db.session(), site_id, name=name, zone=site.zone, is_outlet=site.is_outlet,
        actor=current_actor(), now=current_time(),
    )  # fmt: skip
    return DONE


@blueprint.delete("/tenant/<site_id>/user-members/<user_id>")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def remove_from_tenant(site_id: str, user_id: str) -> ResponseReturnValue:
    """Take a user out of all groups at a site."""
    found_in(TENANTS, site_id, nothing_there)
    _change_groups(user_id, removed={entry for entry in memberships_of(db.session(), user_id) if entry[1] == site_id})
    return DONE


def _change_groups(
    user_id: str, *, added: set[tuple[str, str]] | None = None, removed: set[tuple[str, str]] | None = None
) -> None:
    change_memberships(
        db.session(), user_id, added=added or (), removed=removed or (), reason=REASON,
        actor=current_actor(), now=current_time(),
    )  # fmt: skip


def _site() -> str:
    wish, sites = this_request().args.get("tenantId"), sites_with(current_person(), Permission.ADMINISTER)
    return chosen_site(wish, sites, N_("Say at which site: ?tenantId=…"))


def _display_name(profile: Mapping[str, Any]) -> str:
    """Both parts of a name, as display names have none."""
    parts = (text_in(profile, "firstName"), text_in(profile, "lastName"))
    return " ".join(part.strip() for part in parts if part and part.strip())
