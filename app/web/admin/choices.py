"""What the forms of administrators offer: sites, groups, departments, languages, each as (value, name)."""

from collections.abc import Collection

from app.extensions import db
from app.models import Department, Group
from app.models.display_names import site_names
from app.models.group_members import groups_with_counts
from app.models.people import departments_of_sites
from app.web.admin.reach import my_sites
from app.web.languages import locale
from app.web.texts import gettext

Choice = tuple[str, str]


def site_choices() -> list[Choice]:
    """The sites that the signed-in person administers, by name."""
    return sorted(site_names(db.session(), my_sites()).items(), key=lambda choice: choice[1])


def group_choices() -> list[Choice]:
    """All groups, in the order of the groups' page."""
    return [(group.id, group.name(locale())) for group in groups_with_counts(db.session(), ())]


def language_choices() -> list[Choice]:
    """In which language the product speaks to somebody."""
    return [("", gettext("As the browser says")), ("zh_CN", "中文"), ("en", "English")]


def own_name(named: Department | Group) -> str:
    """The name of a department or group in the reader's language."""
    return named.name_zh if locale() == "zh_CN" else named.name_en


def department_choices(sites: Collection[str]) -> list[Choice]:
    """The departments of some sites, with the site where there are several."""
    names = site_names(db.session(), sites)
    departments = departments_of_sites(db.session(), sites)
    if len(sites) == 1:
        return [(one.id, own_name(one)) for one in departments]
    return [(one.id, f"{names[one.site_id]} · {own_name(one)}") for one in departments]
