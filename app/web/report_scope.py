"""Which sites a report is about: one of those at which the person may read reports, or all of them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import select

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models import Site
from app.reports.tally import Scope
from app.web.current import current_person
from app.web.permissions import Permission, sites_with
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class ChosenSites:
    """What is counted, and what the page says and offers: `chosen` is a site's id or empty for all."""

    scope: Scope
    chosen: str
    name: str
    choices: tuple[tuple[str, str], ...]

    @property
    def names(self) -> dict[str, str]:
        """Names of the sites, by id."""
        return {site_id: name for site_id, name in self.choices if site_id}


def chosen_sites(permission: Permission) -> ChosenSites:
    """The sites that the request asks for. Raises NotFound for one at which the person may not do this."""
    allowed = sites_with(current_person(), permission)
    sites = (
        db.session()
        .execute(select(Site.id, Site.name, Site.zone).where(Site.id.in_(allowed)).order_by(Site.name, Site.id))
        .all()
    )
    asked = request.values.get("site", "")
    chosen = sites[0].id if len(sites) == 1 and not asked else asked
    wanted = [site for site in sites if not chosen or site.id == chosen]
    if not wanted:
        raise NotFound(N_("This site does not exist, or you may not see its reports."))
    zone = ZoneInfo(wanted[0].zone) if chosen else current_person().zone
    everything = (("", gettext("All sites")),) if len(sites) > 1 else ()
    name = wanted[0].name if chosen else gettext("All sites")
    choices = (*everything, *((site.id, site.name) for site in sites))
    return ChosenSites(Scope(tuple(site.id for site in wanted), zone), chosen, name, choices)
