"""The pages of administrators: one line each, from which the navigation and the overview are made."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from app.i18n import N_
from app.web.current import current_person
from app.web.permissions import Permission, permissions_of


@dataclass(frozen=True, slots=True)
class AdminPage:
    """A page under /admin: the endpoint it begins at, its name, what it is for, and who may open it."""

    endpoint: str
    name: str
    text: str
    icon: str
    permission: Permission = Permission.ADMINISTER

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


ADMIN_PAGES: tuple[AdminPage, ...] = (
    AdminPage("users.index", N_("People"), N_("Who may sign in, and in which groups at which sites."), "users"),
    AdminPage("groups.index", N_("Groups"), N_("Who does which work, and who must have a second factor."), "shield"),
    AdminPage(
        "site_substitutions.index",
        N_("Substitutions"),
        N_("Who does whose work, from when to when."),
        "user-check",
        Permission.SEE_SUBSTITUTIONS,
    ),
    AdminPage(
        "second_pairs.index",
        N_("Second pairs of eyes"),
        N_("Who of another site approves what nobody of a small site may."),
        "eye",
    ),
    AdminPage("sites.index", N_("Sites"), N_("Dealerships and outlets, time zones, departments."), "building-2"),
    AdminPage(
        "configuration_history.index",
        N_("Configuration log"),
        N_("Who changed people, groups, sites, calendars and settings."),
        "history",
        Permission.READ_CONFIGURATION,
    ),
    AdminPage("outbox.index", N_("Outbox"), N_("Mail and webhooks: what left, what waits, what failed."), "mail"),
    AdminPage("jobs.index", N_("Jobs"), N_("What the system is to do by itself, and what it gave up."), "timer"),
    AdminPage(
        "webhooks.index",
        N_("Webhooks"),
        N_("Other programs that are told of events."),
        "send",
        Permission.SET_UP_WEBHOOKS,
    ),
)


def my_admin_pages() -> Iterator[AdminPage]:
    """The pages that the signed-in person may open."""
    allowed = permissions_of(current_person())
    return (page for page in ADMIN_PAGES if page.permission in allowed)
