"""Forms: form-js JSON read strictly, bound to a case's variables, checked on the server with WTForms."""

from app.forms.bound_form import BoundForm, as_sent, bind
from app.forms.definition import FormDefinition
from app.forms.display import display_text
from app.forms.errors import FormExpressionTooCostly, FormProblem, FormRefused
from app.forms.loading import load_form
from app.forms.scope import FormScope

__all__ = [
    "BoundForm",
    "FormDefinition",
    "FormExpressionTooCostly",
    "FormProblem",
    "FormRefused",
    "FormScope",
    "as_sent",
    "bind",
    "display_text",
    "load_form",
]
