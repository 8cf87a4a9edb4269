"""All blueprints of the product, one line each."""

from flask import Blueprint

from app.web import account, health, preferences, sign_in

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    health.blueprint,
    preferences.blueprint,
    sign_in.blueprint,
)
