"""Facts about sites that pages and forms ask at every turn."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models.organisation import Site
from app.models.prepared import Prepared, table_of


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site as forms see it."""

    id: str
    name: str
    zone: ZoneInfo


_SITE = table_of(Site)
_FACTS = Prepared(select(_SITE.c.id, _SITE.c.name, _SITE.c.zone).where(_SITE.c.id == bindparam("site_id")))


def site_facts(session: Session, site_id: str) -> SiteFacts:
    """The facts of a site that exists; raises LookupError."""
    row = _FACTS.first(session, {"site_id": site_id})
    if row is None:
        raise LookupError(f"no site {site_id}")
    return SiteFacts(row[0], row[1], ZoneInfo(row[2]))
