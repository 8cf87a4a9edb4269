"""The measures that came of a month's report: what, who, until when, how far."""

from collections.abc import Mapping

from flask import url_for

from app.extensions import db
from app.i18n import N_
from app.models.display_names import user_names
from app.models.measure_list import measures_from
from app.web.current import current_person
from app.web.follow_up_words import problem_name
from app.web.report_tables import ReportCell, ReportTable
from app.web.reports.monthly_words import MEASURE_KINDS
from app.web.texts import gettext

STATES: Mapping[str, str] = {
    "proposed": N_("proposed"),
    "approved": N_("approved"),
    "done": N_("done"),
    "verified": N_("verified"),
    "rejected": N_("sent back"),
    "cancelled": N_("cancelled"),
}


def planned_measures(case_id: str) -> list[ReportTable]:
    """One table, or none where the report led to no measure that the reader may see."""
    measures = measures_from(db.session(), current_person().id, case_id)
    if not measures:
        return []
    people = user_names(db.session(), {measure.responsible_id for measure in measures})
    header = (
        gettext("Case"), gettext("Kind"), gettext("Problem"), gettext("Responsible"), gettext("Due"), gettext("State"),
    )  # fmt: skip
    rows = [
        [
            ReportCell(measure.case_number, url_for("cases.show", instance_id=measure.instance_id)),
            ReportCell(gettext(MEASURE_KINDS[measure.kind])),
            ReportCell(problem_name(measure.problem_kind)),
            ReportCell(people.get(measure.responsible_id, measure.responsible_id)),
            ReportCell(measure.due_on),
            ReportCell(gettext(STATES[measure.state])),
        ]
        for measure in measures
    ]
    return [ReportTable(gettext("Measures of this report"), header, rows)]
