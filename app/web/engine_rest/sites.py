"""At which site something happens that a program asks for."""

from collections.abc import Collection

from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person
from app.web.engine_rest.missing_rows import nothing_there


def chosen_site(wish: str | None, sites: Collection[str], question: str) -> str:
    """The site that is named, else one's own, else the only one there is to choose from.

    Arguments: sites, where the person may do it; question, the text of the MalformedRequest where there are several.
    """
    home = current_person().home_site_id
    if wish or not sites:
        return wish or home or ""  # the operation says that it is refused, and why
    if home is not None and home in sites:
        return home
    if len(sites) > 1:
        raise MalformedRequest(question)
    (only,) = sites
    return only


def refuse_foreign_site(site_id: str | None) -> None:
    """Raise NotFound for a site where the person does not work; definitions belong to the whole company."""
    if site_id is not None and site_id not in {site for _group, site in current_person().memberships}:
        raise nothing_there()
