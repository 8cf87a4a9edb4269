"""One call of a connector that changes our own data, and how it reads its inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app import feel
from app.errors import InvalidInput
from app.i18n import N_
from app.operations.actor import Actor
from app.operations.cases import Case

Inputs = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OperationCall:
    """`case` is the locked case of the service task, `inputs` are FEEL values by their names in the diagram."""

    session: Session
    case: Case
    inputs: Inputs
    actor: Actor
    now: datetime

    def needed(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if value is None:
            raise InvalidInput(N_("The connector needs the input “%(name)s”."), name=name)
        return value

    def text(self, name: str) -> str | None:
        """A text; None where it is empty, null or missing."""
        return text_of(self.inputs, name)

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        value = self.inputs.get(name)
        return [text for text in value if isinstance(text, str) and text] if isinstance(value, list) else []


def text_of(values: Inputs, name: str) -> str | None:
    """A text; None where it is empty, null, missing or something else."""
    value = values.get(name)
    return value if isinstance(value, str) and value else None


def moment_of(values: Inputs, name: str) -> datetime | None:
    """A date and time with its zone; None for all else."""
    value = feel.to_python(values.get(name))
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def day_of(values: Inputs, name: str) -> date | None:
    """A date without a time; None for all else."""
    value = feel.to_python(values.get(name))
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def number_of(values: Inputs, name: str) -> Decimal | None:
    """A number; None for all else."""
    value = values.get(name)
    return value if isinstance(value, Decimal) else None
