"""Noticing a sign-in from a new place: another kind of browser, or another part of the network."""

import hashlib
import ipaddress
import re
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.sign_in_place import SignInPlace
from app.operations.actor import Actor
from app.operations.notifications import notify
from app.operations.rows import upsert_rows

# Phones change their address all day long: the neighbourhood counts, and a version of a browser is no new one.
BITS_OF_NETWORK = {4: 16, 6: 32}
FORGOTTEN_AFTER = timedelta(days=180)
LONGEST_NOTE = 120


def note_sign_in(session: Session, user_id: str, user_agent: str, address: str, *, now: datetime) -> None:
    """Remember the place of a sign-in, and tell the person of a new one; the first of all is no news.

    Arguments: address, the one the request came from, as text.
    """
    session.execute(
        delete(SignInPlace).where(SignInPlace.user_id == user_id, SignInPlace.seen_at < now - FORGOTTEN_AFTER)
    )
    known = set(session.scalars(select(SignInPlace.place_hash).where(SignInPlace.user_id == user_id)))
    place = _place(user_agent, address)
    row = {"user_id": user_id, "place_hash": place, "seen_at": now}
    upsert_rows(session, SignInPlace, [row], replaced=("seen_at",))
    if known and place not in known:
        note = f"{address} · {user_agent}"[:LONGEST_NOTE]
        notify(session, [user_id], "new_place", params={"note": note}, actor=Actor(user_id), now=now)


def _place(user_agent: str, address: str) -> bytes:
    browser = re.sub(r"[\d.]+", "", user_agent)
    return hashlib.sha256(f"{browser}\n{_neighbourhood(address)}".encode()).digest()


def _neighbourhood(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, BITS_OF_NETWORK[parsed.version]), strict=False))
