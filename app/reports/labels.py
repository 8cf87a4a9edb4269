"""What figures, breakdowns and their rows are called, in the order they are shown in."""

from collections.abc import Mapping

from app.i18n import N_

FIGURES: Mapping[str, str] = {
    "due": N_("Follow-ups due"),
    "carried_out": N_("Carried out"),
    "successful": N_("Successful"),
    "not_called": N_("Not to be called"),
    "conversations": N_("Conversations"),
    "satisfied_repair": N_("Satisfied with the last repair"),
    "satisfied": N_("Satisfied on the whole"),
    "good_answers": N_("Good answers to all questions"),
    "suggestions": N_("With a suggestion"),
    "problem_calls": N_("Conversations with a problem"),
    "problems": N_("Problems reported"),
    "minor": N_("Minor complaints"),
    "major": N_("Major complaints"),
    "timely": N_("Problems handled in time"),
    "general_manager_informed": N_("General manager informed in time"),
    "answer": N_("Customer answered in time"),
    "open": N_("Open at the end of the month"),
    "repairs": N_("Repair orders"),
    "turnover": N_("Amount of all repair orders"),
    "deliveries": N_("Cars delivered"),
}

AMOUNTS = frozenset({"turnover"})  # in hundredths of a yuan

# Those that are a part of another number; the others are counts.
SHARES = frozenset(
    {
        "carried_out",
        "successful",
        "satisfied",
        "good_answers",
        "problem_calls",
        "timely",
        "general_manager_informed",
        "answer",
    }
)

BREAKDOWNS: Mapping[str, str] = {
    "occasions": N_("Follow-ups by occasion"),
    "not_called_reasons": N_("Why some were not to be called"),
    "questions": N_("Satisfaction per question"),
    "problem_kinds": N_("Kinds of problems"),
    "visitors": N_("Customers of the month"),
    "models": N_("Vehicle models"),
    "amounts": N_("What a repair cost"),
    "deliveries": N_("Cars delivered, by model"),
    "losses": N_("Customers lost and won back"),
    "loss_reasons": N_("Why customers stayed away"),
    "loyalty": N_("Visits per customer in twelve months"),
}

ROWS: Mapping[str, Mapping[str, str]] = {
    "not_called_reasons": {
        "no_consent": N_("No consent"),
        "lost_contact": N_("Contact lost"),
        "unreachable": N_("No valid number"),
        "refused": N_("Does not want to be called"),
        "do_not_contact": N_("Not to be contacted"),
        "past": N_("Known too late"),
    },
    "visitors": {"first_time": N_("For the first time"), "repeat": N_("Came before")},
    "amounts": {
        "below_500": N_("Below 500 yuan"),
        "below_2000": N_("500 to 2,000 yuan"),
        "below_5000": N_("2,000 to 5,000 yuan"),
        "from_5000": N_("5,000 yuan and more"),
        "unknown": N_("No amount given"),
    },
    "losses": {
        "lost": N_("Lost in this month"),
        "came_back": N_("Came back after a long absence"),
        "won_back": N_("Came back after a call, in twelve months"),
    },
    "loyalty": {"1": N_("Once"), "2": N_("Twice"), "3": N_("Three times"), "4_or_more": N_("Four times or more")},
}

PROBLEM_KINDS: Mapping[str, str] = {
    "reception": N_("Reception"),
    "quality": N_("Quality of the repair"),
    "on_time": N_("Ready on time"),
    "price": N_("Price"),
    "cleanliness": N_("Cleanliness"),
    "parts": N_("Parts"),
    "attitude": N_("Attitude"),
    "other": N_("Other"),
}
