"""All blueprints of the product, one line each."""

from flask import Blueprint

from app.web import account, events_stream, health, imports, preferences, sign_in

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    events_stream.blueprint,
    health.blueprint,
    imports.blueprint,
    preferences.blueprint,
    sign_in.blueprint,
)
