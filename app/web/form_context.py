"""What a form may read besides the variables of its case, for the person who asks for the page."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.forms import FormDefinition
from app.models.user_task_place import SeenCase
from app.operations import form_surroundings
from app.operations.form_surroundings import FormSurroundings, Reader
from app.web.current import current_person
from app.web.languages import locale


def case_surroundings(
    session: Session, form: FormDefinition, instance: SeenCase, user_task_id: str, now: datetime
) -> FormSurroundings:
    """The surroundings of a form of this case."""
    return form_surroundings.case_surroundings(session, form, instance, user_task_id, _reader(), now)


def start_surroundings(session: Session, form: FormDefinition, site_id: str, now: datetime) -> FormSurroundings:
    """The surroundings of a start form: there is no case yet."""
    return form_surroundings.start_surroundings(session, form, site_id, _reader(), now)


def _reader() -> Reader:
    person = current_person()
    return Reader(person.id, person.display_name, locale())
