"""/test-clock: whole processes tried from outside, days of waiting in a moment. There only with `--test-clock`."""

from datetime import timedelta

from flask import current_app
from flask.typing import ResponseReturnValue

from app.clock import move_clock
from app.config import Config
from app.database import KEYS_BIND, session_factory
from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_time
from app.web.engine_rest.bodies import number_in, read_body
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires
from app.web.transactions import commits_itself
from app.worker import job_surroundings, run_due

blueprint = resource("test_clock", "/test-clock")

LONGEST_SECONDS = 366 * 24 * 3600


@blueprint.post("")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@commits_itself  # the clock is no row, and each job has a transaction of its own
def move() -> ResponseReturnValue:
    """Move the time of the cases ahead, and do what is due then; answers with the time and how many jobs were done."""
    config: Config = current_app.extensions["config"]
    if not config.test_clock:
        raise NotFound(N_("The clock can be moved only where AFTERCARE_TEST_CLOCK is on."))
    seconds = number_in(read_body(), "seconds")
    if seconds is None or not 0 <= seconds <= LONGEST_SECONDS:
        raise MalformedRequest(N_("Give the seconds to move the clock ahead, a year at most."))
    ahead = move_clock(config, timedelta(seconds=seconds))
    sessions = session_factory(db.engine, db.engines[KEYS_BIND])
    jobs = run_due(sessions, current_time(), surroundings=job_surroundings(config, sessions))
    return {"now": write_moment(current_time()), "aheadSeconds": int(ahead.total_seconds()), "jobs": jobs}
