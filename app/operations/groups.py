"""Candidate groups: those the shipped processes name (domain page, section 1), and those an owner adds."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.models import Group
from app.operations.actor import Actor
from app.operations.administration import require_company_administrator
from app.operations.changed_fields import changed_fields, required_texts
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.second_factor import require_second_factor

GROUP_ID = re.compile(r"[a-z][a-z0-9_]{1,63}")
RESERVED = ("new",)  # a page's address
LONGEST_NAME = 120  # characters

DEFAULT_GROUPS: tuple[tuple[str, str, str], ...] = (
    ("service_advisor", "Service advisors", "服务顾问"),
    ("cr_advisor", "Customer relations advisors", "客户关系顾问"),
    ("customer_service", "Customer service", "市场客服部"),
    ("customer_service_manager", "Customer service manager", "市场客服部经理"),
    ("service_manager", "Service manager", "服务经理"),
    ("business_manager", "After-sales business manager", "售后业务经理"),
    ("general_manager", "General manager", "总经理"),
    ("technical_expert", "Technical experts", "技术专家"),
    ("sales_consultant", "Sales consultants", "销售顾问"),
    ("records_clerk", "Records clerks", "车业管理员"),
    ("front_desk", "Service front desk", "售后前台"),
    ("gm_office", "General manager's office", "总经办"),
    ("department_head", "Department heads", "各级主管"),
    ("process_owner", "Process owners", "流程负责人"),
    ("auditor", "Auditors", "审计员"),
    ("admin", "Administrators", "系统管理员"),
)


def ensure_default_groups(session: Session) -> None:
    """Add the groups that are not there yet; names changed by the owner stay."""
    for group_id, english, chinese in DEFAULT_GROUPS:
        if session.get(Group, group_id) is None:
            session.add(Group(id=group_id, name_en=english, name_zh=chinese))
    session.flush()


class GroupIdTaken(Conflict):
    """Two groups cannot share an id: diagrams name them by it."""


def create_group(session: Session, group_id: str, *, name_zh: str, name_en: str, actor: Actor, now: datetime) -> None:
    """Add a group that diagrams may name. Raises InvalidInput, GroupIdTaken, NotAllowed."""
    require_company_administrator(session, actor)
    if not GROUP_ID.fullmatch(group_id) or group_id in RESERVED:
        text = N_("Use 2 to 64 lower-case letters, digits or underscores, a letter first.")
        raise InvalidInput(text, fields={"id": text})
    names = required_texts({"name_zh": name_zh, "name_en": name_en}, LONGEST_NAME)
    if session.get(Group, group_id):
        raise GroupIdTaken(N_("There is already a group “%(group)s”."), group=group_id)
    session.add(Group(id=group_id, **names))
    session.flush()
    event = Event("group_created", {"group": group_id, **names})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)


def change_group(
    session: Session,
    group_id: str,
    *,
    name_zh: str,
    name_en: str,
    is_second_factor_required: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Rename a group, and say whether its members need a second factor. Raises InvalidInput, NotFound, NotAllowed."""
    require_company_administrator(session, actor)
    group = session.get(Group, group_id)
    if group is None:
        raise NotFound(N_("There is no group “%(group_id)s”."), group_id=group_id)
    names = required_texts({"name_zh": name_zh, "name_en": name_en}, LONGEST_NAME)
    if changes := changed_fields(group, names):
        session.flush()
        event = Event("group_changed", {"group": group_id, "changes": changes})
        append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
    require_second_factor(session, group_id, is_required=is_second_factor_required, actor=actor, now=now)
