"""A service task tells people of something: a notification, and a mail where they want one."""

from app.errors import InvalidInput
from app.i18n import N_
from app.operations.notification_kinds import KIND_BY_KEY
from app.operations.notifications import notify
from app.operations.operation_call import Inputs, OperationCall
from app.operations.staffing import active_people

LONGEST_NOTE = 300


def tell_people(call: OperationCall) -> Inputs:
    """Tell people by their ids (`people`) and those of groups at the site (`groups`) of the case: `kind`, `note`.

    Raises InvalidInput for a kind that there is none of, or one that tells of accounts. Whoever may not sign in any
    more is left out.
    """
    kind = KIND_BY_KEY.get(call.needed("kind"))
    if kind is None or kind.is_security:
        raise InvalidInput(N_("There is no notification “%(kind)s”."), kind=call.text("kind"))
    note = (call.text("note") or "")[:LONGEST_NOTE]
    notify(
        call.session,
        active_people(call.session, call.texts("people"), call.texts("groups"), call.case.site_id),
        kind.key,
        params={"note": note} if note else {},
        instance_id=call.case.id,
        actor=call.actor,
        now=call.now,
    )
    return {}
