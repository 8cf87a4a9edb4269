"""Names of the elements of a case's diagram in the reader's language."""

from app.extensions import db
from app.models.display_names import DefinitionNames
from app.operations.definitions import load_process
from app.web.languages import locale


def element_name(names: DefinitionNames, element_id: str | None) -> str:
    """The name of an element: translated, else as the diagram has it, else its id; nothing for none."""
    if element_id is None:
        return ""
    element = load_process(db.session(), names.id).elements.get(element_id)
    return names.element(element_id, element.name if element else "", locale())


def has_element(names: DefinitionNames, element_id: str | None) -> bool:
    """Whether this version of the diagram has the element."""
    return element_id in load_process(db.session(), names.id).elements
