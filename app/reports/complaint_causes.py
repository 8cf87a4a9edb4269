"""What complaints came from: the five categories of causes by the kinds of problems (domain page, section 2.2)."""

from sqlalchemy import ColumnElement, and_, func

from app.models import ComplaintFact
from app.reports.problems import NOT_A_COMPLAINT, OTHER
from app.reports.tally import Counted, Source

CATEGORIES = ("people", "machine", "material", "method", "environment")
_COMPLAINTS = Source(
    table=ComplaintFact.__table__,
    site=ComplaintFact.site_id,
    moment=ComplaintFact.received_at,
    key=ComplaintFact.instance_id,
    instance=ComplaintFact.instance_id,
)
WITH_CAUSE = Counted(
    _COMPLAINTS, and_(ComplaintFact.cause_category.in_(CATEGORIES), ComplaintFact.outcome != NOT_A_COMPLAINT)
)
# Category and kind as one key: `people/price`.
CAUSE: ColumnElement[str] = ComplaintFact.cause_category.concat("/").concat(
    func.coalesce(ComplaintFact.problem_kind, OTHER)
)
