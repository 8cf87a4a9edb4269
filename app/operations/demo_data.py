"""Sample people and cases to try the product with: invented names, generated passwords."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.models import Site, User
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.groups import ensure_default_groups
from app.operations.passwords import generate_password
from app.operations.users import NewUser, create_user
from app.operations.visit_imports import import_good_rows, upload_visits
from app.operations.working_calendars import seed_working_calendar
from app.visit_files import read_export, sample_csv, sample_table

MAIN_SITE, OUTLET = "main", "east"
ZONE = "Asia/Shanghai"
SAMPLE_ROWS = 420


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A sample user: sign-in name, invented name, groups, site."""

    id: str
    name: str
    groups: tuple[str, ...]
    site_id: str = MAIN_SITE


DEMO_USERS: tuple[DemoUser, ...] = (
    DemoUser("crlin", "林小禾", ("cr_advisor",)),
    DemoUser("crbai", "白星河", ("cr_advisor",)),
    DemoUser("sadong", "冬青", ("service_advisor", "front_desk")),
    DemoUser("cssong", "松月", ("customer_service",)),
    DemoUser("csmhe", "何清岚", ("customer_service_manager",)),
    DemoUser("smlu", "路云舟", ("service_manager",)),
    DemoUser("bmyan", "言海", ("business_manager",)),
    DemoUser("gmjin", "金山雪", ("general_manager",)),
    DemoUser("texun", "寻知微", ("technical_expert",)),
    DemoUser("audit", "审晴", ("auditor",)),
    DemoUser("owner", "程序明", ("process_owner",)),
    DemoUser("admin", "管理员", ("admin",)),
    DemoUser("easthua", "花满城", ("cr_advisor", "service_advisor"), OUTLET),
)


def is_demo_data_there(session: Session) -> bool:
    """Whether the sample users were made before."""
    return session.get(User, DEMO_USERS[0].id) is not None


def create_demo_data(session: Session, resources: Mapping[str, bytes], *, now: datetime) -> dict[str, str]:
    """Make sites, groups, users, calendars, the shipped processes and an imported sample export.

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
        seed_working_calendar(session, site_id, years=(year - 1, year, year + 1), actor=SYSTEM, now=now)
    passwords = {user.id: _create_user(session, user, now) for user in DEMO_USERS}
    deploy(session, resources, name="aftercare", reason="Shipped processes", actor=SYSTEM, now=now)
    _import_sample(session, now)
    return passwords


def _create_user(session: Session, user: DemoUser, now: datetime) -> str:
    password = generate_password()
    memberships = tuple((group, user.site_id) for group in user.groups)
    new = NewUser(user.id, user.name, memberships, must_change_password=False)
    create_user(session, new, password, actor=SYSTEM, now=now)
    return password


def _import_sample(session: Session, now: datetime) -> None:
    content = sample_csv(sample_table(SAMPLE_ROWS, now.astimezone(ZoneInfo(ZONE)).date()), "gb18030")
    upload = upload_visits(session, read_export(content, "示例导出.csv"), site_id=MAIN_SITE, actor=SYSTEM, now=now)
    import_good_rows(session, upload.id, is_consent_assumed=False, actor=SYSTEM, now=now)
