"""What results, problems and people of follow-ups are called on pages."""

from app.i18n import N_

RESULT_NAMES = {
    "reached": N_("Reached"), "not_reached": N_("Not reached"), "unreachable": N_("No valid number"),
    "refused": N_("Does not want calls"),
}  # fmt: skip
SPOKEN_TO_NAMES = {"sent_in": N_("The person who brought the car"), "owner": N_("The actual owner")}
SATISFACTION_NAMES = {
    "satisfied": N_("Satisfied"), "acceptable": N_("Acceptable"), "dissatisfied": N_("Dissatisfied"),
}  # fmt: skip
COMPLAINT_NAMES = {"none": N_("No complaint"), "minor": N_("Minor complaint"), "major": N_("Major complaint")}
PROBLEM_NAMES = {
    "reception": N_("Reception"), "quality": N_("Quality of the work"), "on_time": N_("Ready on time"),
    "price": N_("Price"), "cleanliness": N_("Cleanliness"), "parts": N_("Spare parts"), "attitude": N_("Attitude"),
    "other": N_("Other"),
}  # fmt: skip
ANSWER_NAMES = {"yes": N_("Yes"), "no": N_("No"), "not_answered": N_("Not answered")}
