"""Values that a program sends for a form: checked by the same rules as what people type, and no others are taken."""

from collections.abc import Mapping

from app.forms import FormDefinition, as_sent, bind
from app.i18n import N_
from app.operations.form_surroundings import FormSurroundings
from app.web.bearers import has_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person
from app.web.languages import locale
from app.web.permissions import Permission, sites_with


def checked_answers(
    form: FormDefinition,
    variables: Mapping[str, object],
    surroundings: FormSurroundings,
    sent: Mapping[str, object],
    *,
    site_id: str,
) -> dict[str, object]:
    """The values to go on with: those of the form, and what owners of cases set besides.

    Without a form nothing is declared, so everything is taken. Arguments: variables, of the case; sent, FEEL values.
    Raises MalformedRequest for what the form would not take from a person.
    """
    if not form.components:
        return dict(sent)
    answers = {name: value for name, value in sent.items() if name in form.keys}
    others = {name: value for name, value in sent.items() if name not in form.keys}
    if others and not (has_scope("change") and site_id in sites_with(current_person(), Permission.CHANGE_CASES)):
        raise _refused(min(others))
    seen, environment = {**variables, **surroundings.values}, surroundings.environment
    # As in a browser: the form is shown with these values, and what it then holds is sent.
    texts = as_sent(form, seen, answers, environment, locale())
    bound = bind(form, seen, texts, None, environment, locale())
    if not bound.validate():
        name, messages = next(iter(bound.errors.items()))
        problem = messages[0] if messages else ""
        raise MalformedRequest(N_("The field “%(name)s”: %(problem)s"), name=name, problem=problem)
    values = bound.values()
    for name, value in answers.items():
        if name not in values or not _is_same(values[name], value):
            raise _refused(name)
    return {**values, **others}


def _is_same(kept: object, sent: object) -> bool:
    """A day or a number may come as a text, as from a page; nothing else changes its type."""
    if kept == sent:
        return True
    return not isinstance(kept, (list, dict, bool)) and not isinstance(sent, (list, dict, bool)) and kept is not None


def _refused(name: str) -> MalformedRequest:
    return MalformedRequest(N_("“%(name)s” is no field of the form that takes this value."), name=name[:80])
