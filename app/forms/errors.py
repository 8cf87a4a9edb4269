"""Why a form was refused, or cannot be shown."""

from dataclasses import dataclass, field

from app.errors import AppError, InvalidInput
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong with one component; `msgid` has places for `params`, `component` among them."""

    component_id: str
    msgid: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % {"component": self.component_id, **self.params}


class FormRefused(InvalidInput):
    """A form uses something that is not executed here; `problems` names every component concerned."""

    def __init__(self, form_id: str, problems: tuple[FormProblem, ...]) -> None:
        self.form_id = form_id
        self.problems = problems
        super().__init__(
            N_("The form “%(form)s” cannot be used: %(problems)s"),
            form=form_id,
            problems=" ".join(map(str, problems)),
        )


class FormExpressionTooCostly(AppError):
    """An expression of a form needs more than its budget allows."""

    http_status = 422

    def __init__(self, expression: str) -> None:
        super().__init__(
            N_("This form computes too much: “%(expression)s”. Ask the process owner to simplify it."),
            expression=expression,
        )
