"""Why somebody changes a case or a process: always asked for, always kept in the history."""

from app.errors import InvalidInput
from app.i18n import N_

LONGEST_REASON = 2000  # characters


def stated_reason(reason: str) -> str:
    """The reason without blanks around it; raises InvalidInput where there is none or it is a book."""
    text = reason.strip()
    if not text:
        refusal = N_("Say why; the reason is kept in the history.")
        raise InvalidInput(refusal, fields={"reason": refusal})
    if len(text) > LONGEST_REASON:
        refusal = N_("The reason is too long: 2,000 characters at most.")
        raise InvalidInput(refusal, fields={"reason": refusal})
    return text
