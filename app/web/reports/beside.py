"""The figures of a monthly report beside the form of its user tasks."""

from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.models.issued_report import ReportDraft
from app.models.issued_report_list import newest_issued_of_case
from app.models.user_task_place import SeenCase
from app.web.report_tables import KeyFigure
from app.web.reports.monthly_view import monthly_view
from app.web.reports.places import frozen, links_to_cases

PROCESS_KEY = "monthly_report"
# While it is checked the newest figures count, afterwards those that were issued.
CHECK = "Activity_Check"


@dataclass(frozen=True, slots=True)
class BesideReport:
    """Key figures with their cases, what stands out, and the address of the whole report."""

    month: str
    previous: str
    url: str
    figures: list[KeyFigure]
    suggestions: list[str]


def report_beside(instance: SeenCase, element_id: str) -> BesideReport | None:
    """The report of a case; None for other processes, and before there are figures."""
    if instance.process_key != PROCESS_KEY:
        return None
    issued = None if element_id == CHECK else newest_issued_of_case(db.session(), instance.id)
    draft = db.session().get(ReportDraft, instance.id) if issued is None else None
    if issued is not None:
        content, url = issued.content, url_for("monthly_reports.issued", report_id=issued.id)
    elif draft is not None:
        content, url = draft.content, url_for("monthly_reports.draft", instance_id=instance.id)
    else:
        return None
    report = frozen(content).report
    view = monthly_view(report, {}, links_to_cases(instance.site_id, report.month))
    return BesideReport(report.month, report.previous.month, url, view.figures, view.suggestions)
