"""What the pages of the plan call levels, states and reasons."""

from app.i18n import N_

LEVELS = {1: N_("First level: CR advisors"), 2: N_("Second level: customer service"), 3: N_("Third level: GM office")}
STATES = {"planned": N_("planned"), "started": N_("started"), "closed": N_("closed"), "skipped": N_("skipped")}
STATE_TONES = {"planned": "blue", "started": "amber", "closed": "green"}
SKIP_REASONS = {
    "no_consent": N_("skipped: no consent"),
    "refused": N_("skipped: does not want calls"),
    "do_not_contact": N_("skipped: not to be contacted"),
    "lost_contact": N_("skipped: contact lost"),
    "unreachable": N_("skipped: no valid number"),
    "past": N_("skipped: too late"),
    "called_off": N_("called off"),
}
GROUNDS = {"high_value": N_("Large repair"), "accident": N_("Major accident"), "vip": N_("VIP")}
LIST_STATES = {"supplied": N_("supplied"), "confirmed": N_("confirmed"), "withdrawn": N_("withdrawn")}
LIST_TONES = {"supplied": "amber", "confirmed": "green"}
OBSTACLES = {
    "called": N_("the customer has been called, or is being called"),
    "in_case": N_("a case belongs to it"),
    "on_list": N_("it was picked from a list"),
}
