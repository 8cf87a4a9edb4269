"""Names of the elements of a case's diagram in the reader's language."""

from collections.abc import Iterable

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


def clock_name(versions: Iterable[DefinitionNames], clock_id: str) -> str:
    """The name of a clock in the first of these versions that declares it, else its id."""
    for names in versions:
        declared = load_process(db.session(), names.id).clocks.get(clock_id)
        if declared is not None:
            return names.element(clock_id, declared.name, locale())
    return clock_id


def has_element(names: DefinitionNames, element_id: str | None) -> bool:
    """Whether this version of the diagram has the element."""
    return element_id in load_process(db.session(), names.id).elements
