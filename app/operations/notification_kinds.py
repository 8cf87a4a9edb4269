"""All that people are told of, each kind with its words and how it is told unless a person chooses otherwise.

Places every kind can fill: `actor` (who did it), `user_task` (its name), `case` (the number), `title` (of the case),
`clock` (its name; the parameters `clock` and `clock_name` are its id and English name), `list` (the kind of list that
the parameter `occasion` names) and `note`, a text of the caller's that is shown below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.i18n import N_

Mail = Literal["off", "at_once", "daily"]
MAIL_CHOICES: tuple[Mail, ...] = ("off", "at_once", "daily")


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """`title` and `name` are msgids, `name` for the page of preferences.

    `is_urgent` kinds may pass quiet hours; those of `is_security` are told to the very person who did it as well.
    """

    key: str
    name: str
    title: str
    icon: str
    on_page: bool = True
    mail: Mail = "off"
    is_urgent: bool = False
    is_security: bool = False
    place: str = "/notifications"  # where to go on when it is about no case


NOTIFICATION_KINDS: tuple[NotificationKind, ...] = (
    NotificationKind("assigned", N_("A task is assigned to me"), N_("Assigned to you: %(user_task)s"), "user"),
    NotificationKind(
        "candidate", N_("There is a new task for one of my groups"), N_("New for your group: %(user_task)s"), "inbox",
        on_page=False,
    ),
    NotificationKind(
        "delegated", N_("Somebody delegates a task to me"), N_("Delegated to you: %(user_task)s"), "send",
        mail="at_once",
    ),
    NotificationKind(
        "resolved", N_("A task I delegated comes back to me"), N_("Done for you, please look at it: %(user_task)s"),
        "undo-2",
    ),
    NotificationKind(
        "mentioned", N_("Somebody mentions me in a comment"), N_("%(actor)s mentioned you"), "message-square",
        mail="at_once",
    ),
    NotificationKind(
        "handed_over", N_("Work of somebody else becomes mine"), N_("Work was handed over to you"), "arrow-right-left",
        mail="at_once", place="/inbox",
    ),
    NotificationKind(
        "substitution", N_("A substitution concerns me"), N_("A substitution concerns you"), "users", mail="at_once"
    ),
    NotificationKind("due_soon", N_("A task of mine is due within the hour"), N_("Due soon: %(user_task)s"), "clock"),
    NotificationKind(
        "overdue", N_("A task of mine is overdue"), N_("Overdue: %(user_task)s"), "triangle-alert", mail="daily",
        is_urgent=True,
    ),
    NotificationKind(
        "overdue_untaken", N_("A task of a group I lead is overdue and nobody has taken it"),
        N_("Overdue, and nobody has taken it: %(user_task)s"), "triangle-alert", mail="daily",
    ),
    NotificationKind(
        "clock_warning", N_("Little time is left of a limit that my task has to keep"),
        N_("Little time left: %(clock)s"), "clock",
    ),
    NotificationKind(
        "clock_breached", N_("A limit was not kept, and my group is told of it"), N_("Not done in time: %(clock)s"),
        "triangle-alert", mail="at_once", is_urgent=True,
    ),
    NotificationKind(
        "report_issued", N_("I get a copy of a monthly report"), N_("The report of %(month)s was issued"),
        "chart-column", mail="at_once",
    ),
    NotificationKind(
        "list_supplied", N_("There is a new list of customers from which I pick"),
        N_("A list to pick from was supplied"), "list-checks", mail="at_once", place="/plan/lists",
    ),
    NotificationKind(
        "list_due", N_("A list of follow-ups is not made by its day"),
        N_("A list of follow-ups is due at “%(site)s”: %(list)s"), "calendar-check", mail="at_once",
        place="/plan/lists",
    ),
    NotificationKind(
        "holidays_missing", N_("The public holidays of a year are missing in the calendar of my site"),
        N_("The public holidays of %(year)s are missing in the calendar of “%(site)s”"), "calendar",
        mail="at_once", place="/admin/sites",
    ),
    NotificationKind(
        "incident", N_("A step of a process could not be done"), N_("A step could not be done"), "circle-alert",
        mail="at_once", is_urgent=True, place="/incidents",
    ),
    NotificationKind(
        "webhook_switched_off", N_("A webhook of mine is switched off because it failed for days"),
        N_("A webhook was switched off: %(webhook)s"), "send", mail="at_once", is_urgent=True, place="/admin/webhooks",
    ),
    NotificationKind(
        "complaint_closed", N_("A complaint I reported is not treated as one"), N_("Not treated as a complaint"), "info"
    ),
    NotificationKind(
        "complaint_raised", N_("A correction finds a complaint in the record of a call"),
        N_("Corrected: a call brought a complaint"), "triangle-alert", mail="at_once",
    ),
    NotificationKind(
        "complaint_lowered", N_("A correction lowers the level of a complaint"),
        N_("Corrected: a complaint is of a lower level"), "info",
    ),
    NotificationKind(
        "measure_done", N_("A measure was carried out"), N_("A measure was carried out"), "circle-check"
    ),
    NotificationKind(
        "rectification_closed", N_("A rectification I proposed is closed"), N_("A rectification is closed"), "info"
    ),
    NotificationKind(
        "new_place", N_("Somebody signs in with my name from a new place"), N_("Signed in from a new place"),
        "monitor", mail="at_once", is_urgent=True, is_security=True,
    ),
    NotificationKind(
        "second_factor_changed", N_("My second factor is changed"), N_("Your second factor was changed"),
        "shield-check", mail="at_once", is_urgent=True, is_security=True, place="/sessions",
    ),
    NotificationKind(
        "recovery_code_used", N_("A recovery code of mine is used"), N_("One of your recovery codes was used"),
        "shield-check", mail="at_once", is_urgent=True, is_security=True, place="/sessions",
    ),
    NotificationKind(
        "password_changed", N_("My password is changed"), N_("Your password was changed"), "lock",
        mail="at_once", is_urgent=True, is_security=True, place="/sessions",
    ),
    NotificationKind(
        "access_token_made", N_("An access token is made in my name"), N_("An access token was made in your name"),
        "shield", mail="at_once", is_urgent=True, is_security=True,
    ),
)  # fmt: skip
KIND_BY_KEY: Mapping[str, NotificationKind] = {kind.key: kind for kind in NOTIFICATION_KINDS}
SHOWN_BY_DEFAULT = frozenset(kind.key for kind in NOTIFICATION_KINDS if kind.on_page)
