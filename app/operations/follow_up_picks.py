"""Picking from a list: at random, with a seed that shows how, or by hand; then the calls are planned."""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import FollowUpList, FollowUpListEntry, PlannedFollowUp, Site, Visit
from app.operations.actor import Actor
from app.operations.follow_up_authority import PICKERS, SUPPLIERS, require_one_of
from app.operations.follow_up_lists import GROUNDS, LISTED, locked_list, require_open, tell_of_list
from app.operations.follow_up_plan import FollowUpPlanner
from app.operations.reasons import stated_reason

RANDOM, BY_HAND = "random", "by_hand"


def sample(visit_ids: Collection[str], count: int, seed: int) -> frozenset[str]:
    """Draw from the visits; the same visits and seed always give the same sample."""
    drawn = random.Random(seed)  # noqa: S311 - drawn again by whoever wants to check it, so it must not be secret
    return frozenset(drawn.sample(sorted(visit_ids), min(count, len(visit_ids))))


def pick_at_random(session: Session, list_id: str, count: int, seed: int, *, actor: Actor, now: datetime) -> int:
    """Draw visits anew beside those picked by hand; returns how many. Raises InvalidInput, NotFound, NotAllowed."""
    listed = _for_picking(session, list_id, actor)
    entries = _entries(session, listed)
    free = {entry.visit_id for entry in entries if entry.picked != BY_HAND}
    if not 1 <= count <= len(free):
        refusal = N_("Choose from 1 to %(most)s: so many visits of the list are not picked by hand.")
        raise InvalidInput(refusal, fields={"count": refusal}, most=len(free))
    drawn = sample(free, count, seed)
    for entry in entries:
        if entry.visit_id in free:
            entry.picked = RANDOM if entry.visit_id in drawn else ""
    listed.seed = seed
    body = {"count": count, "seed": seed, "of": len(free)}
    tell_of_list(session, listed, "follow_up_list_sampled", body, actor, now)
    return len(drawn)


def pick_by_hand(
    session: Session, list_id: str, visit_ids: Collection[str], grounds: Mapping[str, str], *, actor: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Pick exactly these visits, and note why (by visit: high_value, accident, vip or empty); returns how many."""
    listed = _for_picking(session, list_id, actor)
    added = removed = 0
    for entry in _entries(session, listed):
        is_wanted = entry.visit_id in visit_ids
        added += is_wanted and not entry.picked
        removed += bool(entry.picked) and not is_wanted
        entry.picked = (entry.picked or BY_HAND) if is_wanted else ""
        ground = grounds.get(entry.visit_id, entry.ground)
        entry.ground = ground if ground in GROUNDS else entry.ground
    tell_of_list(session, listed, "follow_up_list_picked", {"added": added, "removed": removed}, actor, now)
    return added + removed


def confirm_list(session: Session, list_id: str, *, actor: Actor, now: datetime) -> Counter[str]:
    """Plan the calls to all that were picked; returns how many were planned and skipped.

    Whoever was planned on the same occasion meanwhile is left out. Raises InvalidInput, NotFound, NotAllowed.
    """
    listed = _for_picking(session, list_id, actor)
    picked = [entry.visit_id for entry in _entries(session, listed) if entry.picked]
    if not picked:
        raise InvalidInput(N_("Nothing is picked yet: draw a sample or tick visits first."))
    occasion = LISTED[listed.occasion]
    planned = select(PlannedFollowUp.visit_id).where(
        PlannedFollowUp.visit_id.in_(picked), PlannedFollowUp.occasion == occasion.id
    )
    already = frozenset(session.scalars(planned))
    planner = FollowUpPlanner(session, session.get_one(Site, listed.site_id), actor=actor, now=now)
    states = Counter(
        planner.plan(session.get_one(Visit, visit_id), occasion, list_id=listed.id).state
        for visit_id in picked
        if visit_id not in already
    )
    _decide(listed, "confirmed", actor, now)
    tell_of_list(session, listed, "follow_up_list_confirmed", dict(states), actor, now)
    return states


def withdraw_list(session: Session, list_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Lay a list aside that is not needed. Raises InvalidInput, NotFound, NotAllowed."""
    text = stated_reason(reason)
    listed = locked_list(session, list_id)
    require_one_of(session, actor, listed.site_id, SUPPLIERS[listed.occasion] | PICKERS[listed.occasion])
    require_open(listed)
    _decide(listed, "withdrawn", actor, now)
    tell_of_list(session, listed, "follow_up_list_withdrawn", {}, actor, now, text)


def _for_picking(session: Session, list_id: str, actor: Actor) -> FollowUpList:
    listed = locked_list(session, list_id)
    require_one_of(session, actor, listed.site_id, PICKERS[listed.occasion])
    require_open(listed)
    return listed


def _entries(session: Session, listed: FollowUpList) -> Sequence[FollowUpListEntry]:
    query = select(FollowUpListEntry).where(FollowUpListEntry.list_id == listed.id)
    return session.scalars(query.order_by(FollowUpListEntry.visit_id)).all()


def _decide(listed: FollowUpList, state: str, actor: Actor, now: datetime) -> None:
    listed.state, listed.decided_by, listed.decided_at = state, actor.user_id, now
