"""All blueprints of the product, one line each."""

from flask import Blueprint

from app.web import account, cases, events_stream, health, imports, inbox, preferences, sign_in, start_pages, user_tasks

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    cases.blueprint,
    events_stream.blueprint,
    health.blueprint,
    imports.blueprint,
    inbox.blueprint,
    preferences.blueprint,
    sign_in.blueprint,
    start_pages.blueprint,
    user_tasks.blueprint,
)
