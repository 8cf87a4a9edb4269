"""Why a step was not taken."""

from __future__ import annotations

from dataclasses import replace

from app.engine.outcome import RaisedIncident
from app.errors import AppError, Conflict, InvalidInput, NotFound
from app.i18n import N_


class UserTaskNotOpen(Conflict):
    """The user task is not READY: already completed, cancelled, or not yet reached."""

    def __init__(self, user_task_id: str) -> None:
        super().__init__(N_("This user task is no longer open. Go back to the inbox."), user_task_id=user_task_id)


class ActivityNotWaiting(Conflict):
    """The timer, message or job came too late: the activity no longer waits for it."""

    def __init__(self, activity_id: str) -> None:
        super().__init__(N_("The case no longer waits for this."), activity_id=activity_id)


class ActivityNotEnabled(Conflict):
    """An activity of an ad-hoc subprocess cannot be begun now."""

    def __init__(self, msgid: str, element_id: str) -> None:
        super().__init__(msgid, element=element_id)


class EscalationNotCaught(Conflict):
    """Nothing around the activity waits for the escalation."""

    def __init__(self, code: str) -> None:
        super().__init__(N_("Nothing in the diagram catches the escalation “%(code)s” here."), code=code)


class ClockNotRunning(Conflict):
    """The clock is over, or paused already, or not paused."""

    def __init__(self, clock_id: str) -> None:
        super().__init__(
            N_("This clock has been stopped, paused or resumed meanwhile. Look at it again."), clock=clock_id
        )


class StartNotPossible(NotFound):
    """The process has no start event of the kind asked for."""

    def __init__(self, process_key: str) -> None:
        super().__init__(N_("The process “%(process)s” cannot be started this way."), process=process_key)


class ValueTooLarge(InvalidInput):
    """A value from outside has more bytes, or is nested deeper, than a variable may."""

    def __init__(self, name: str, limit: int) -> None:
        msgid = N_("“%(name)s” is larger than %(limit)s bytes or nested too deep. Keep large data in attachments.")
        super().__init__(msgid, name=name, limit=limit)


class StateNotReadable(AppError):
    """The saved state does not fit the process or this version of the program."""

    http_status = 500


class StepFailed(AppError):
    """A step could not be done and must be rolled back; the incident says where and why."""

    http_status = 422

    def __init__(self, incident: RaisedIncident) -> None:
        super().__init__(incident.msgid, **incident.params)
        self.incident = incident

    def at(self, activity_id: str, element_id: str, element_name: str | None) -> StepFailed:
        """The same, saying which activity it was, where that is not known yet, and calling it as people do."""
        incident = self.incident
        if incident.activity_id is not None:
            return self
        params = incident.params
        if element_name and params.get("element") == element_id:
            params = {**params, "element": element_name}
        return StepFailed(replace(incident, activity_id=activity_id, params=params))
