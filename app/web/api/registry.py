"""All subjects of this interface, in the order of the document, one line each."""

from app.web.api.cases import CASES
from app.web.api.checkpoints import CHECKPOINTS
from app.web.api.clocks import CLOCKS
from app.web.api.customers import CUSTOMERS
from app.web.api.dashboards import DASHBOARD
from app.web.api.follow_ups import FOLLOW_UPS
from app.web.api.imports import IMPORTS
from app.web.api.inbox import INBOX
from app.web.api.reports import REPORTS
from app.web.api.subjects import Subject
from app.web.api.vehicles import VEHICLES

SUBJECTS: tuple[Subject, ...] = (
    INBOX,
    CASES,
    CLOCKS,
    FOLLOW_UPS,
    CUSTOMERS,
    VEHICLES,
    IMPORTS,
    REPORTS,
    DASHBOARD,
    CHECKPOINTS,
)
