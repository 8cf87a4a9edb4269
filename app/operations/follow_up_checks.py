"""What may be wrong with the data of a follow-up, found before anybody calls (A5, A10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n import N_

PHONE = re.compile(r"\+?[0-9]{6,19}")


@dataclass(frozen=True, slots=True)
class FollowUpData:
    """What is looked at. `consent` is the newest word: given, refused, withdrawn, or None where nobody asked."""

    name: str
    phone: str
    plate: str | None
    visit_kind: str
    work_done: str
    consent: str | None
    is_do_not_contact: bool


def problems_in(data: FollowUpData) -> Iterator[str]:
    """A msgid for each problem; nothing where the call can be made as it is."""
    if not data.name.strip():
        yield N_("The name is missing.")
    if not data.phone:
        yield N_("The phone number is missing.")
    elif not PHONE.fullmatch(re.sub(r"[\s-]", "", data.phone)):
        yield N_("The phone number cannot be right.")
    is_repair = data.visit_kind == "repair"  # a new car may have no plate yet
    if is_repair and not data.plate:
        yield N_("The plate is missing.")
    if is_repair and not data.work_done.strip():
        yield N_("What was repaired is missing.")
    if data.is_do_not_contact:
        yield N_("This customer does not want to be contacted.")
    elif data.consent in ("refused", "withdrawn"):
        yield N_("This customer does not want to be called.")
    elif is_repair and data.consent is None:
        yield N_("Nobody asked whether the customer agrees to be called.")
