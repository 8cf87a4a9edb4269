"""The states of cases and user tasks, in words and colours."""

from app.web.texts import gettext

TONES = {
    "active": "blue", "open": "blue", "incident": "red", "completed": "green", "cancelled": "grey",
}


def state_name(state: str) -> str:
    """The state of a case or user task as people say it."""
    return {
        "active": gettext("in progress"),
        "open": gettext("in progress"),
        "incident": gettext("incident"),
        "completed": gettext("completed"),
        "cancelled": gettext("cancelled"),
    }[state]


def state_tone(state: str) -> str:
    """The colour of a state's tag."""
    return TONES[state]
