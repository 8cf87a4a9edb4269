"""What changes of the configuration are called, by subject."""

from collections.abc import Mapping

from app.i18n import N_
from app.web.timeline_words import Words

SUBJECTS: Mapping[str, str] = {
    "people": N_("People"),
    "groups": N_("Groups"),
    "sites": N_("Sites"),
    "calendars": N_("Calendars"),
    "settings": N_("Settings"),
    "processes": N_("Processes"),
    "substitutions": N_("Substitutions"),
}
CHANGES: Mapping[str, Mapping[str, Words]] = {
    "people": {
        "user_created": Words(N_("Person added"), "user-plus", "good"),
        "user_changed": Words(N_("Person changed"), "pencil"),
        "user_disabled": Words(N_("Person may not sign in any more"), "ban", "bad"),
        "user_enabled": Words(N_("Person may sign in again"), "user-check", "good"),
        "user_unlocked": Words(N_("Wrong passwords of a person forgotten"), "lock"),
        "users_imported": Words(N_("People imported"), "file-up", "good"),
        "memberships_changed": Words(N_("Groups of a person changed"), "users", "warning"),
        "departments_of_user_changed": Words(N_("Departments of a person changed"), "users"),
        "identity_linked": Words(N_("Sign-in with another provider linked"), "link"),
        "identity_unlinked": Words(N_("Sign-in with another provider removed"), "x", "warning"),
        "password_link_made": Words(N_("Link for a new password made"), "lock", "warning"),
        "user_password_set": Words(N_("Password set for a person"), "lock", "warning"),
        "second_factor_removed": Words(N_("Second factor removed"), "shield", "warning"),
        "api_token_created": Words(N_("Access token made"), "shield", "warning"),
        "api_token_revoked": Words(N_("Access token withdrawn"), "x"),
    },
    "groups": {
        "group_created": Words(N_("Group added"), "plus", "good"),
        "group_changed": Words(N_("Group changed"), "pencil"),
        "second_factor_required": Words(N_("Second factor demanded of a group"), "shield-check", "good"),
        "second_factor_not_required": Words(N_("Second factor not demanded any more"), "shield", "warning"),
    },
    "sites": {
        "set_up_finished": Words(N_("Product set up"), "check", "good"),
        "site_created": Words(N_("Site added"), "building-2", "good"),
        "site_changed": Words(N_("Site changed"), "pencil"),
        "department_created": Words(N_("Department added"), "plus", "good"),
        "department_changed": Words(N_("Department changed"), "pencil"),
        "second_pair_named": Words(N_("Second pair of eyes named"), "eye"),
        "second_pair_removed": Words(N_("Second pair of eyes removed"), "x", "warning"),
    },
    "calendars": {
        "working_calendar_seeded": Words(N_("Public holidays filled in"), "calendar"),
        "working_hours_changed": Words(N_("Working hours changed"), "clock", "warning"),
        "calendar_days_changed": Words(N_("Days of the calendar changed"), "calendar", "warning"),
    },
    "settings": {
        "follow_up_settings_changed": Words(N_("Settings of the follow-up plan changed"), "settings"),
        "questionnaire_created": Words(N_("Questionnaire made"), "list-checks", "good"),
        "questionnaire_changed": Words(N_("Questionnaire changed"), "list-checks"),
        "webhook_subscription_created": Words(N_("Webhook added"), "send", "good"),
        "webhook_subscription_changed": Words(N_("Webhook changed"), "send"),
        "webhook_switched_off": Words(N_("Webhook switched off"), "send", "warning"),
        "inbox_view_shared": Words(N_("View of the inbox shared or changed"), "users"),
        "inbox_view_withdrawn": Words(N_("View of the inbox not shared any more"), "x"),
        "outgoing_switched": Words(N_("What leaves the product switched"), "mail", "warning"),
    },
    "processes": {
        "deployment_made": Words(N_("Processes deployed"), "workflow", "good"),
        "deployment_deleted": Words(N_("Deployment deleted"), "trash-2", "bad"),
        "definition_suspended": Words(N_("Version of a process suspended"), "circle-pause", "warning"),
        "definition_resumed": Words(N_("Version of a process resumed"), "circle-play", "good"),
        "job_definition_suspended": Words(N_("Jobs of an element suspended"), "circle-pause", "warning"),
        "job_definition_resumed": Words(N_("Jobs of an element resumed"), "circle-play", "good"),
    },
    "substitutions": {
        "substitution_named": Words(N_("Substitute named"), "user-check"),
        "substitution_changed": Words(N_("Substitution changed"), "pencil"),
        "substitution_ended": Words(N_("Substitution ended"), "x"),
    },
}
# The fields of such entries; ids and hashes say nothing to a reader and are left out.
FIELDS: Mapping[str, str] = {
    "user": N_("Person"),
    "principal": N_("Principal"),
    "substitute": N_("Substitute"),
    "groups": N_("Groups"),
    "group": N_("Group"),
    "site": N_("Site"),
    "added": N_("Added"),
    "removed": N_("Removed"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "name_zh": N_("Chinese name"),
    "display_name": N_("Name"),
    "email": N_("E-mail"),
    "view": N_("View"),
    "zone": N_("Time zone"),
    "is_outlet": N_("Second-tier outlet"),
    "first_day": N_("First day"),
    "last_day": N_("Last day"),
    "includes_open": N_("Open tasks included"),
    "processes": N_("Processes"),
    "versions": N_("Versions"),
    "years": N_("Years"),
    "unknown_years": N_("Years not known"),
    "hours": N_("Working hours"),
    "days": N_("Days"),
    "most_calls_a_day": N_("Most calls of one person a day"),
    "lost_after_months": N_("Months without a visit until a customer counts as lost"),
    "sample_size": N_("Calls of the monthly sampling"),
    "high_value_from": N_("A repair is large from (yuan)"),
    "lists_due_day": N_("Lists are due on this day of the month"),
}
NOT_SHOWN = frozenset({
    "deployment_id", "resources", "substitution", "department", "list_id", "import_id", "subscription", "token_id",
    "filter",
})  # fmt: skip
WORDS: Mapping[str, Words] = {event: words for events in CHANGES.values() for event, words in events.items()}
