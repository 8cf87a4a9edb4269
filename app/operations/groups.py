"""The candidate groups the shipped processes name (domain page, section 1)."""

from sqlalchemy.orm import Session

from app.models import Group

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
