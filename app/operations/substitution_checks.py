"""What a substitution must be: who names whom, for which days and processes, and never in a circle."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed, NotFound
from app.i18n import N_
from app.models import Membership, ProcessDefinition, Site, Substitution, SubstitutionProcess, User
from app.models.visibility import AUDITORS
from app.operations.actor import Actor
from app.operations.authority import LEADERS, is_active_user

LONGEST = timedelta(days=366)
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class _Link:
    """One substitution as the search for cycles sees it; no processes are all."""

    principal_id: str
    substitute_id: str
    starts_at: datetime
    ends_at: datetime
    processes: frozenset[str]


def bounds(session: Session, principal_id: str, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """The first moment of the first day and the one after the last day, in the zone of the principal's site."""
    statement = select(Site.zone).join(User, User.home_site_id == Site.id).where(User.id == principal_id)
    zone = ZoneInfo(session.scalar(statement) or DEFAULT_ZONE)
    begin = datetime.combine(first_day, time(), zone)
    return begin, datetime.combine(last_day + timedelta(days=1), time(), zone)


def require_namer(session: Session, principal_id: str, actor: Actor) -> None:
    """The principal, and whoever leads or administers at a site of the principal's. Raises NotAllowed, NotFound."""
    if session.get(User, principal_id) is None:
        raise NotFound(N_("There is no user “%(user_id)s”."), user_id=principal_id)
    if actor.kind == "system" or actor.user_id == principal_id:
        return
    sites = frozenset(site for _, site in _memberships(session, principal_id))
    own = _memberships(session, actor.user_id)
    audited = {site for group, site in own if group == AUDITORS}
    if not any(group in LEADERS and site in sites - audited for group, site in own):
        raise NotAllowed(N_("Only the person, or who leads or administers at one of the person's sites, may do this."))


def require_substitute(session: Session, principal_id: str, substitute_id: str, *, is_own: bool) -> None:
    """Somebody else who works here and changes things; who names their own chooses among their colleagues."""
    if substitute_id == principal_id:
        raise _refused("substitute", N_("Name somebody else: nobody stands in for themselves."))
    if not is_active_user(session, substitute_id):
        raise _refused("substitute", N_("Choose a person of the list."))
    theirs, own = _memberships(session, substitute_id), _memberships(session, principal_id)
    if any(group == AUDITORS for group, _ in theirs | own):
        raise _refused("substitute", N_("Auditors read everything and change nothing."))
    if is_own and not {site for _, site in theirs} & {site for _, site in own}:
        raise _refused("substitute", N_("Name a colleague of your site; others are named by who leads there."))


def require_days(first_day: date, last_day: date, ends_at: datetime, now: datetime) -> None:
    """A stretch of days that is not over yet, of a year at most."""
    if last_day < first_day:
        raise _refused("last_day", N_("The last day is before the first."))
    if ends_at <= now:
        raise _refused("last_day", N_("The last day is over already."))
    if last_day - first_day > LONGEST:
        raise _refused("last_day", N_("A year at most: name the substitute again then."))


def require_processes(session: Session, processes: Iterable[str]) -> None:
    """Every process named exists."""
    known = frozenset(session.scalars(select(ProcessDefinition.key).distinct()))
    for key in sorted(set(processes) - known):
        raise InvalidInput(N_("There is no process “%(process)s”."), process=key)


def refuse_cycle(
    session: Session,
    principal_id: str,
    substitute_id: str,
    when: tuple[datetime, datetime],
    processes: frozenset[str],
    own_id: str | None,
) -> None:
    """Refuse where at some moment, for some process, the work would come back to the principal, through others too."""
    links = _links(session, when, own_id)
    open_ends = deque([_Link(principal_id, substitute_id, *when, processes)])
    seen: set[_Link] = set()
    while open_ends:
        path = open_ends.popleft()
        for link in links.get(path.substitute_id, ()):
            longer = _joined(path, link)
            if longer is None or longer in seen:
                continue
            if longer.substitute_id == principal_id:
                raise _refused("substitute", N_("This would be a circle: the work would come back to the person."))
            seen.add(longer)
            open_ends.append(longer)


def _joined(path: _Link, link: _Link) -> _Link | None:
    """The path one link longer, for the time and the processes that both have; None without any."""
    starts_at, ends_at = max(path.starts_at, link.starts_at), min(path.ends_at, link.ends_at)
    both = path.processes and link.processes
    processes = path.processes & link.processes if both else path.processes | link.processes
    if starts_at >= ends_at or (both and not processes):
        return None
    return _Link(path.principal_id, link.substitute_id, starts_at, ends_at, processes)


def _links(session: Session, when: tuple[datetime, datetime], own_id: str | None) -> dict[str, list[_Link]]:
    """The substitutions of these days, but for the one that is changed, by whose work is done."""
    overlapping = select(Substitution).where(Substitution.starts_at < when[1], Substitution.ends_at > when[0])
    rows = session.scalars(overlapping.where(Substitution.id != (own_id or ""))).all()
    named = select(SubstitutionProcess).where(SubstitutionProcess.substitution_id.in_([row.id for row in rows]))
    processes: dict[str, set[str]] = {}
    for process in session.scalars(named):
        processes.setdefault(process.substitution_id, set()).add(process.process_key)
    links: dict[str, list[_Link]] = {}
    for row in rows:
        keys = frozenset(processes.get(row.id, ()))
        links.setdefault(row.principal_id, []).append(
            _Link(row.principal_id, row.substitute_id, row.starts_at, row.ends_at, keys)
        )
    return links


def _memberships(session: Session, user_id: str) -> frozenset[tuple[str, str]]:
    statement = select(Membership.group_id, Membership.site_id).where(Membership.user_id == user_id)
    return frozenset((group, site) for group, site in session.execute(statement))


def _refused(field: str, msgid: str) -> InvalidInput:
    return InvalidInput(msgid, fields={field: msgid})
