"""The types of FEEL in words for people."""

from collections.abc import Mapping

from app.i18n import N_
from app.web.texts import gettext

_TITLES: Mapping[str, str] = {
    "null": N_("nothing"),
    "boolean": N_("truth value"),
    "number": N_("number"),
    "string": N_("text"),
    "date": N_("date"),
    "time": N_("time of day"),
    "date and time": N_("date and time"),
    "days and time duration": N_("duration"),
    "years and months duration": N_("duration in months"),
    "list": N_("list"),
    "context": N_("structured value"),
    "range": N_("range"),
}


def type_title(name: str) -> str:
    """A type as a person calls it."""
    return gettext(_TITLES[name]) if name in _TITLES else name
