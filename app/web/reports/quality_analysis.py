"""What the managers wrote on a month, as it stands in the case of its report."""

from collections.abc import Sequence
from dataclasses import dataclass

from app import feel
from app.extensions import db
from app.models.case_details import variables_of
from app.web.texts import gettext

_NAMES = ("quality_findings", "earlier_effect")


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the managers under its heading."""

    title: str
    text: str


def quality_analysis(instance_id: str) -> Sequence[Said]:
    """The texts there are already."""
    titles = dict(
        zip(
            _NAMES,
            (gettext("Quality analysis"), gettext("What became of earlier measures")),
            strict=True,
        )
    )
    values = {
        variable.name: feel.decode(variable.value)
        for variable in variables_of(db.session(), instance_id)
        if variable.name in titles and variable.element_id is None
    }
    return [Said(title, str(values[name])) for name, title in titles.items() if values.get(name)]
