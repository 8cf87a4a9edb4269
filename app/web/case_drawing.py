"""Diagrams drawn on the server as parts of pages, in the reader's language."""

from markupsafe import Markup

from app.diagrams import Marks
from app.extensions import db
from app.models.user_task_place import AnyCase
from app.operations.case_drawings import draw_case, draw_definition
from app.web.languages import locale
from app.web.texts import gettext


def case_drawing(instance: AnyCase, label: str, *, style: str = "") -> Markup:
    """The drawing of a case as inline SVG, see `draw_case`."""
    # Texts of the model stand in text nodes that the XML library has escaped.
    return Markup(draw_case(db.session(), instance, label, locale=locale(), gettext=gettext, style=style))  # noqa: S704


def definition_drawing(definition_id: str, marks: Marks, label: str) -> Markup:
    """The drawing of a version with any marks as inline SVG, see `draw_definition`."""
    return Markup(draw_definition(db.session(), definition_id, marks, label, locale=locale()))  # noqa: S704
