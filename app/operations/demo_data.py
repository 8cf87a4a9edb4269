"""Sample people and cases to try the product with: invented names, generated passwords."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Site, User, VisitImport
from app.operations.actor import SYSTEM, Actor
from app.operations.departments import create_department, set_departments
from app.operations.deployments import deploy
from app.operations.groups import ensure_default_groups
from app.operations.passwords import generate_password
from app.operations.substitution import SubstitutionTerms, name_substitute
from app.operations.users import NewUser, create_user
from app.operations.visit_imports import import_good_rows, upload_visits
from app.operations.working_calendars import seed_working_calendar
from app.visit_files import read_export, sample_csv, sample_table

MAIN_SITE, OUTLET = "main", "east"
ZONE = "Asia/Shanghai"
SAMPLE_ROWS, SAMPLE_FILE = 420, "示例导出.csv"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A sample user: sign-in name, invented name, groups, site, English name of the department.

    The outlet has few people: managers of the main house are its managers too.
    """

    id: str
    name: str
    groups: tuple[str, ...]
    site_id: str = MAIN_SITE
    department: str = ""
    is_of_all_sites: bool = False


DEMO_DEPARTMENTS: tuple[tuple[str, str, str], ...] = (
    (MAIN_SITE, "Service", "服务部"),
    (MAIN_SITE, "Workshop", "维修车间"),
    (MAIN_SITE, "Spare parts", "配件部"),
    (MAIN_SITE, "Sales", "销售部"),
    (MAIN_SITE, "Customer service", "市场客服部"),
    (MAIN_SITE, "General manager's office", "总经办"),
    (OUTLET, "Sales and service", "销售服务部"),
)
DEMO_USERS: tuple[DemoUser, ...] = (
    DemoUser("crlin", "林小禾", ("cr_advisor",), department="Customer service"),
    DemoUser("crbai", "白星河", ("cr_advisor",), department="Customer service"),
    DemoUser("sadong", "冬青", ("service_advisor", "front_desk"), department="Service"),
    DemoUser("sayun", "云舒", ("service_advisor",), department="Service"),
    DemoUser("cssong", "松月", ("customer_service",), department="Customer service"),
    DemoUser("csmhe", "何清岚", ("customer_service_manager",), department="Customer service", is_of_all_sites=True),
    DemoUser("smlu", "路云舟", ("service_manager",), department="Service", is_of_all_sites=True),
    DemoUser("bmyan", "言海", ("business_manager",), department="Service", is_of_all_sites=True),
    DemoUser("gmjin", "金山雪", ("general_manager",), department="General manager's office", is_of_all_sites=True),
    DemoUser("gowen", "温言", ("gm_office",), department="General manager's office", is_of_all_sites=True),
    DemoUser("texun", "寻知微", ("technical_expert",), department="Workshop", is_of_all_sites=True),
    DemoUser("dhmo", "莫问", ("department_head",), department="Spare parts"),
    DemoUser("sctao", "陶然", ("sales_consultant",), department="Sales"),
    DemoUser("rcshu", "舒简", ("records_clerk",), department="Sales"),
    DemoUser("audit", "审晴", ("auditor",)),
    DemoUser("owner", "程序明", ("process_owner",)),
    DemoUser("admin", "管理员", ("admin",), is_of_all_sites=True),
    DemoUser("easthua", "花满城", ("cr_advisor", "service_advisor"), OUTLET, "Sales and service"),
    DemoUser("eastlan", "兰舟", ("customer_service", "department_head"), OUTLET, "Sales and service"),
)


def is_demo_data_there(session: Session) -> bool:
    """Whether the sample users were made before."""
    return session.get(User, DEMO_USERS[0].id) is not None


def is_todays_data_there(session: Session) -> bool:
    """Whether the demo was made to its end: somebody may have stopped it in the middle of its history."""
    return session.scalar(select(VisitImport.id).where(VisitImport.file_name == SAMPLE_FILE).limit(1)) is not None


def create_demo_data(session: Session, resources: Mapping[str, bytes], *, now: datetime) -> dict[str, str]:
    """Make sites, groups, users, calendars and the shipped processes, as on a first day.

    Returns the generated password of each user; they are stored nowhere else.
    """
    session.add_all(
        [
            Site(id=MAIN_SITE, name="示范城西店", zone=ZONE, is_outlet=False),
            Site(id=OUTLET, name="示范城东二级网点", zone=ZONE, is_outlet=True),
        ]
    )
    session.flush()
    ensure_default_groups(session)
    year = now.astimezone(ZoneInfo(ZONE)).year
    for site_id in (MAIN_SITE, OUTLET):
        seed_working_calendar(session, site_id, years=range(year - 1, year + 4), actor=SYSTEM, now=now)
    departments = {
        (site_id, english): create_department(
            session, site_id, name_zh=chinese, name_en=english, actor=SYSTEM, now=now
        )
        for site_id, english, chinese in DEMO_DEPARTMENTS
    }
    passwords = {}
    for user in DEMO_USERS:
        passwords[user.id] = _create_user(session, user, now)
        if user.department:
            set_departments(session, user.id, [departments[user.site_id, user.department]], actor=SYSTEM, now=now)
    deploy(session, resources, name="aftercare", reason="Shipped processes", actor=SYSTEM, now=now)
    return passwords


def add_todays_data(session: Session, *, now: datetime) -> None:
    """What is there to try on the day of the demo: an export just imported, somebody away."""
    _import_sample(session, now)
    _name_sample_substitute(session, now)


def _create_user(session: Session, user: DemoUser, now: datetime) -> str:
    password = generate_password()
    sites = (MAIN_SITE, OUTLET) if user.is_of_all_sites else (user.site_id,)
    memberships = tuple((group, site_id) for site_id in sites for group in user.groups)
    new = NewUser(user.id, user.name, memberships, must_change_password=False, email=f"{user.id}@demo.invalid")
    create_user(session, new, password, actor=SYSTEM, now=now)
    return password


def _name_sample_substitute(session: Session, now: datetime) -> None:
    """One to try: the customer service manager is away for a fortnight."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    terms = SubstitutionTerms(today, today + timedelta(days=13))
    name_substitute(session, "csmhe", "cssong", terms, reason="外出培训", actor=Actor("csmhe"), now=now)


def _import_sample(session: Session, now: datetime) -> None:
    content = sample_csv(sample_table(SAMPLE_ROWS, now.astimezone(ZoneInfo(ZONE)).date()), "gb18030")
    upload = upload_visits(session, read_export(content, SAMPLE_FILE), site_id=MAIN_SITE, actor=SYSTEM, now=now)
    import_good_rows(session, upload.id, is_consent_assumed=False, actor=SYSTEM, now=now)
