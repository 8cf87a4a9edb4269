"""Letters and SMS to customers whom nobody reached: laid into the outbox in the transaction of the step."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.models import OutgoingMessage, Site
from app.operations.actor import Actor
from app.operations.authority import groups_at
from app.operations.customers import current_customer
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.operation_call import Inputs, OperationCall
from app.operations.outgoing import enqueue_mail, enqueue_sms, lay_out_letter, note_outcome

LETTER, SMS = "letter", "sms"
WRITERS = frozenset({"cr_advisor", "customer_service", "customer_service_manager", "gm_office"})


def write_to_customer(call: OperationCall) -> Inputs:
    """Inputs: customer_id, way (letter or sms), text, email. A letter goes by mail where there is an address.

    Result: `message_id`, of the message in the outbox.
    """
    customer = current_customer(call.session, call.needed("customer_id"))
    way, text, email = call.needed("way"), call.needed("text"), call.text("email")
    site_id, now = call.case.site_id, call.now
    if way == SMS:
        message_id = enqueue_sms(call.session, to=customer.phone, text=text, site_id=site_id, now=now)
    elif way != LETTER:
        raise InvalidInput(N_("“%(way)s” is no way to write to a customer."), way=way)
    elif email is None:
        message_id = lay_out_letter(call.session, to=customer.name, text=text, site_id=site_id, now=now)
    else:
        subject = call.session.get_one(Site, site_id).name
        message_id = enqueue_mail(call.session, to=email, subject=subject, text=text, now=now, site_id=site_id)
    return {"message_id": message_id}


def note_posted(session: Session, message_id: str, *, actor: Actor, now: datetime) -> None:
    """Write down that a letter was posted. Raises NotFound, Conflict where it was before."""
    message = session.scalars(select(OutgoingMessage).where(OutgoingMessage.id == message_id)).one_or_none()
    is_letter = message is not None and message.channel == LETTER
    if message is None or not is_letter or not WRITERS & groups_at(session, actor.user_id, message.site_id or ""):
        raise NotFound(N_("This letter does not exist, or you may not see it."))
    if message.state == "sent":
        raise Conflict(N_("This letter was posted already."))
    note_outcome(session, message_id, "sent", now=now)
    session.expire(message)
    event = Event("letter_posted", {"message": message_id})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=message.site_id)
