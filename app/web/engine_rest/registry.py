"""All blueprints of this interface, one line each."""

from flask import Blueprint

from app.web.engine_rest import (
    case_changes,
    case_variables,
    cases,
    definition_changes,
    definitions,
    engine,
    external_task_work,
    external_tasks,
    fetch_and_lock,
    missing,
    user_task_changes,
    user_tasks,
)

ENGINE_REST: tuple[Blueprint, ...] = (
    case_changes.blueprint,
    *case_variables.BLUEPRINTS,
    cases.blueprint,
    definition_changes.blueprint,
    definitions.blueprint,
    engine.blueprint,
    external_task_work.blueprint,
    external_tasks.blueprint,
    fetch_and_lock.blueprint,
    user_task_changes.blueprint,
    user_tasks.blueprint,
    missing.blueprint,
)
