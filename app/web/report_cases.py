"""The page of the cases behind a figure: those of the cases counted that the person may see."""

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import ColumnElement

from app.extensions import db
from app.models.case_list import CaseFilter, case_page
from app.web.case_list_view import show_cases
from app.web.current import current_person


def cases_page(only: ColumnElement[bool], *, title: str, subtitle: str, report_title: str, report_url: str) -> str:
    """A page of the list; the address asked for says which. Arguments: only, a condition on ProcessInstance."""
    page = case_page(db.session(), current_person().id, CaseFilter("all"), after=request.args.get("after"), only=only)
    following: dict[str, Any] = {**request.args.to_dict(), "after": page.next_cursor}
    return render_template(
        "reports/cases.html",
        title=title,
        subtitle=subtitle,
        report_title=report_title,
        report_url=report_url,
        cases=show_cases(page.rows),
        next_url=url_for(str(request.endpoint), **following) if page.next_cursor else None,
    )
