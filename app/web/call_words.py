"""What the answers of a recorded call are called where it is corrected."""

from app.i18n import N_

SPOKEN_TO_NAMES = {"sent_in": N_("The person who brought the car"), "owner": N_("The actual owner")}
SATISFACTION_NAMES = {
    "satisfied": N_("Satisfied"), "acceptable": N_("Acceptable"), "dissatisfied": N_("Dissatisfied"),
}  # fmt: skip
COMPLAINT_NAMES = {"none": N_("No complaint"), "minor": N_("Minor complaint"), "major": N_("Major complaint")}
ANSWER_NAMES = {"yes": N_("Yes"), "no": N_("No"), "not_answered": N_("Not answered")}
