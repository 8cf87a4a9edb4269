"""Where reports are found: sites a person may read them of, addresses, the report a page asks for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.i18n import N_
from app.models.issued_report import IssuedReport, ReportDraft
from app.models.visibility import can_see_instance
from app.operations.monthly_reports import reported_site
from app.reports import MonthlyReport, ReportedSite, report_of
from app.web.current import current_person
from app.web.permissions import Permission, sites_with
from app.web.reports.monthly_view import Link


@dataclass(frozen=True, slots=True)
class Frozen:
    """A report out of a snapshot: figures and what the CR advisor said of them."""

    report: MonthlyReport
    comments: Mapping[str, str]


def readable_site(site_id: str) -> ReportedSite:
    """The site, if the person may read its reports. Raises NotFound."""
    if site_id not in sites_with(current_person(), Permission.READ_REPORTS):
        raise NotFound(N_("This site does not exist, or you may not see its reports."))
    return reported_site(db.session(), site_id)


def exportable_site(site_id: str) -> ReportedSite:
    """The site, if the person may take its reports away. Raises NotFound, NotAllowed."""
    site = readable_site(site_id)
    if site_id not in sites_with(current_person(), Permission.EXPORT_REPORTS):
        raise NotAllowed(N_("You may read the reports of this site, but not take them away as files."))
    return site


def issued_report(report_id: str) -> IssuedReport:
    """An issued report the person may read. Raises NotFound."""
    found = db.session().get(IssuedReport, report_id)
    if found is None or found.site_id not in sites_with(current_person(), Permission.READ_REPORTS):
        raise NotFound(N_("This report does not exist, or you may not see it."))
    return found


def drafted_report(instance_id: str) -> ReportDraft:
    """The figures computed in a case, for who may see the case. Raises NotFound."""
    found = db.session().get(ReportDraft, instance_id)
    if found is None or not can_see_instance(db.session(), current_person().id, instance_id):
        raise NotFound(N_("This report does not exist, or you may not see it."))
    return found


def frozen(content: str) -> Frozen:
    """What the canonical JSON of an issued report says; of a draft, which has no comments yet, too."""
    plain = json.loads(content)
    return Frozen(report_of(plain.get("report", plain)), plain.get("comments", {}))


def links_to_cases(site_id: str, month: str) -> Link:
    """Addresses of the cases behind the figures of a month."""

    def link(figure: str, key: str = "") -> str:
        return url_for("monthly_reports.cases", site_id=site_id, month=month, figure=figure, key=key or None)

    return link
