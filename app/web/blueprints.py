"""All blueprints of the product, one line each."""

from flask import Blueprint

from app.web import (
    account,
    ad_hoc_starts,
    case_changes,
    case_variables,
    cases,
    definitions,
    events_stream,
    health,
    imports,
    inbox,
    incidents,
    notifications,
    password_reset,
    preferences,
    reauthentication,
    second_factor,
    sign_in,
    start_pages,
    user_tasks,
)
from app.web.admin import groups, overview, sites, user_page, users

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    ad_hoc_starts.blueprint,
    case_changes.blueprint,
    case_variables.blueprint,
    cases.blueprint,
    definitions.blueprint,
    events_stream.blueprint,
    groups.blueprint,
    health.blueprint,
    imports.blueprint,
    inbox.blueprint,
    incidents.blueprint,
    notifications.blueprint,
    overview.blueprint,
    password_reset.blueprint,
    preferences.blueprint,
    reauthentication.blueprint,
    second_factor.blueprint,
    sign_in.blueprint,
    sites.blueprint,
    start_pages.blueprint,
    user_page.blueprint,
    user_tasks.blueprint,
    users.blueprint,
)
