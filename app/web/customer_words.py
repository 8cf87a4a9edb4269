"""What the fields of customer and vehicle cards, their states and the events of their files are called."""

from collections.abc import Mapping

from app.i18n import N_
from app.operations.card_fields import CHOICES
from app.operations.history_reading import RecordedEvent
from app.web.texts import gettext
from app.web.timeline_words import Words, words_of

LABELS: Mapping[str, str] = {
    "name": N_("Customer name"),
    "title": N_("Form of address"),
    "phone": N_("Mobile phone"),
    "grade": N_("Grade"),
    "contact_person": N_("Contact person"),
    "user_name": N_("User of the vehicle"),
    "occupation": N_("Trade or occupation"),
    "birth_date": N_("Date of birth"),
    "id_number": N_("Identity or company number"),
    "registered_address": N_("Registered address"),
    "registered_phone": N_("Phone there"),
    "postal_address": N_("Postal address"),
    "postal_phone": N_("Phone at the postal address"),
    "preferences": N_("Preferences"),
    "vin": N_("VIN"),
    "plate": N_("Plate"),
    "make": N_("Make"),
    "model": N_("Model"),
    "produced_on": N_("Produced on"),
    "origin": N_("Bought"),
    "insurance_kind": N_("Kind of insurance"),
    "insured_from": N_("Insured from"),
    "insured_until": N_("Insured until"),
    "holder": N_("Holder"),
}
CHOICE_NAMES: Mapping[str, Mapping[str, str]] = {
    "title": {"": N_("— none —"), "mr": N_("Mr"), "ms": N_("Ms"), "company": N_("Company")},
    "grade": {
        "": N_("— none —"), "valuable": N_("Valuable"), "potential": N_("Potential"),
        "not_valuable": N_("Not valuable"),
    },
    "origin": {
        "": N_("— none —"), "sold_here": N_("here"), "elsewhere": N_("elsewhere, our make"),
        "other_make": N_("another make"),
    },
}  # fmt: skip
VERIFICATIONS: Mapping[str, tuple[str, str]] = {
    "unverified": (N_("not checked"), "amber"),
    "verified": (N_("checked, to be filed"), "blue"),
    "filed": (N_("filed"), "green"),
}
STEPS: Mapping[str, str] = {
    "entered": N_("Entered by %(who)s"),
    "verified": N_("Checked by %(who)s"),
    "filed": N_("Filed by %(who)s"),
    "full_check": N_("Checked against the papers by %(who)s"),
}
CONSENTS: Mapping[str, tuple[str, str]] = {
    "given": (N_("agreed to be called"), "green"),
    "refused": (N_("does not want to be called"), "red"),
    "withdrawn": (N_("no longer wants to be called"), "red"),
}
SOURCES: Mapping[str, str] = {
    "counter": N_("at the counter"),
    "call": N_("in a call"),
    "letter": N_("in writing"),
    "import": N_("from an import"),
    "import_assumed": N_("assumed at an import"),
    "merge": N_("from merged files"),
}
REQUESTS: Mapping[str, str] = {
    "change": N_("Change of a card"),
    "deletion": N_("Deletion of all personal data"),
    "lost_contact": N_("Lost contact"),
}
PAPERS: Mapping[str, str] = {"sales": N_("Sales file"), "service": N_("Service file")}
REASONS: Mapping[str, str] = {
    "phone": N_("same phone"),
    "vehicle": N_("same vehicle"),
    "name": N_("same name"),
}
EVENTS: Mapping[str, Words] = {
    "customer_created": Words(N_("File of the customer begun"), "plus", "good"),
    "customer_corrected": Words(N_("Customer card changed"), "pencil"),
    "vehicle_corrected": Words(N_("Vehicle card changed"), "pencil"),
    "vehicle_plate_changed": Words(N_("New plate"), "car"),
    "vehicle_received": Words(N_("Holds a vehicle now"), "car", "good"),
    "vehicle_given_away": Words(N_("Holds a vehicle no more"), "car", "warning"),
    "consent_recorded": Words(N_("Word on being called"), "phone-call"),
    "do_not_contact_changed": Words(N_("Word on being contacted at all"), "phone-off", "warning"),
    "card_verified": Words(N_("Card checked"), "user-check", "good"),
    "card_filed": Words(N_("Card filed"), "id-card", "good"),
    "card_full_check": Words(N_("Held against the papers"), "list-checks", "good"),
    "card_request_made": Words(N_("Asked for"), "send", "info"),
    "card_request_approved": Words(N_("Approved"), "check", "good"),
    "card_request_rejected": Words(N_("Rejected"), "x", "warning"),
    "card_request_withdrawn": Words(N_("Request taken back"), "undo-2"),
    "customer_contact_regained": Words(N_("In contact again"), "phone", "good"),
    "customer_merged": Words(N_("Another file was merged into this one"), "link", "info"),
    "customer_merged_away": Words(N_("Merged into another file"), "link", "info"),
    "customer_merge_undone": Words(N_("Merge undone"), "undo-2", "warning"),
    "customer_kept_apart": Words(N_("Not the same person as in another file"), "users"),
    "attachment_added": Words(N_("Paper added"), "paperclip"),
    "attachment_removed": Words(N_("Paper removed"), "trash-2", "warning"),
    "follow_up_planned": Words(N_("Follow-up planned"), "calendar-check"),
    "follow_up_moved": Words(N_("Follow-up moved to another day or caller"), "calendar-clock"),
    "follow_up_called_off": Words(N_("Follow-up called off"), "x", "warning"),
    "follow_up_planned_again": Words(N_("Follow-up planned again"), "calendar-check"),
    "follow_up_skipped": Words(N_("Follow-up skipped on its day"), "phone-off", "warning"),
    "customer_copy_made": Words(N_("Copy made for the customer"), "download"),
    "visit_taken_back": Words(N_("Visit taken back with its import"), "undo-2", "warning"),
    "consent_taken_back": Words(N_("Word on being called taken back with its import"), "undo-2", "warning"),
    "personal_data_erased": Words(N_("Personal data erased"), "trash-2", "bad"),
}


def label_of(name: str) -> str:
    """What a field is called."""
    return gettext(LABELS[name]) if name in LABELS else name


def value_of(name: str, text: str) -> str:
    """What a field says, in words where it is a choice."""
    if name in CHOICES and text:
        return gettext(CHOICE_NAMES[name].get(text, text))
    return text


def choices_of(name: str) -> list[tuple[str, str]]:
    """The choices of a field as a <select> has them."""
    return [(value, gettext(text)) for value, text in CHOICE_NAMES[name].items()]


def event_words(event: RecordedEvent) -> Words:
    """The look of an event of a file, else what the history of a case says of it."""
    return EVENTS.get(event.type) or words_of(event)
