"""What follow-ups, their results and their figures are called."""

from collections.abc import Mapping

from app.i18n import N_
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.reports.labels import PROBLEM_KINDS
from app.web.texts import gettext

RESULTS: Mapping[str, str] = {
    "reached": N_("Reached"),
    "not_reached": N_("Not reached"),
    "unreachable": N_("Number does not exist"),
    "refused": N_("Refused to be called"),
}
SATISFACTION: Mapping[int, str] = {3: N_("satisfied"), 2: N_("acceptable"), 1: N_("dissatisfied")}
COMPLAINTS: Mapping[str, str] = {"none": N_("none"), "minor": N_("Complaint (minor)"), "major": N_("Complaint (major)")}
FIGURES: Mapping[str, str] = {
    "planned": N_("Planned"),
    "due": N_("Due"),
    "carried_out": N_("Carried out"),
    "successful": N_("Successful"),
    "not_called": N_("Not to be called"),
    "closed": N_("Follow-ups closed"),
    **RESULTS,
    "attempts": N_("Calls made"),
    "satisfied": N_("Satisfied"),
    "acceptable": N_("Acceptable"),
    "dissatisfied": N_("Dissatisfied"),
    "problem_calls": N_("Conversations with a problem"),
    "minor": N_("Minor complaints"),
    "major": N_("Major complaints"),
    "suggestions": N_("With a suggestion"),
    "good_answers": N_("Good answers"),
    "bad_answers": N_("Bad answers"),
    "complaints": N_("Complaints with a known cause"),
    "answered": N_("Calls that were answered"),
    "repeated": N_("At the same time of day again"),
}
DAY_PART_NAMES: Mapping[str, str] = {
    "morning": N_("morning"), "noon": N_("noon"), "afternoon": N_("afternoon"), "evening": N_("evening"),
}  # fmt: skip
DAY_PARTS: Mapping[str, str] = {
    "morning": N_("Morning (until 11:30)"),
    "noon": N_("Noon (until 13:30)"),
    "afternoon": N_("Afternoon (until 17:30)"),
    "evening": N_("Evening"),
}
BETTER_HIGH: Mapping[str, bool] = {
    "carried_out": True, "successful": True, "reached": True, "satisfied": True, "not_reached": False,
    "unreachable": False, "refused": False, "dissatisfied": False, "problem_calls": False,
    "minor": False, "major": False,
}  # fmt: skip
CAUSES: Mapping[str, str] = {
    "people": N_("People"),
    "machine": N_("Machine"),
    "material": N_("Material"),
    "method": N_("Method"),
    "environment": N_("Environment"),
}
KINDS: Mapping[str, tuple[str, str]] = {
    "day": (N_("Day"), N_("%(calls)s daily report")),
    "week": (N_("Week"), N_("%(calls)s weekly report")),
    "month": (N_("Month"), N_("%(calls)s monthly statistics")),
}
_SHORT = {"": "7DC/3DC", "repair_3dc": "3DC", "new_car_7dc": "7DC"}


def report_title(kind: str, occasion: str) -> str:
    """The name of a report, as the register of forms has it (B2)."""
    return gettext(KINDS[kind][1], calls=_SHORT.get(occasion) or gettext("Follow-up"))


def occasion_name(occasion: str) -> str:
    """When a customer is followed up."""
    found = OCCASIONS_BY_ID.get(occasion)
    return gettext(found.label) if found else occasion


def problem_name(kind: str | None) -> str:
    """A kind of problem; nothing where there was none."""
    return gettext(PROBLEM_KINDS.get(kind, kind)) if kind else ""
