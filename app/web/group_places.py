"""A group at a site, as pages name it."""

from collections.abc import Iterable

from app.extensions import db
from app.models.display_names import group_names, site_names
from app.web.languages import locale


def names_of_groups_at(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Texts such as "Service advisors · East" of (group, site), in this order."""
    wanted = list(pairs)
    groups = group_names(db.session(), {group for group, _ in wanted}, locale())
    sites = site_names(db.session(), {site for _, site in wanted})
    return [f"{groups.get(group, group)} · {sites.get(site, site)}" for group, site in wanted]
