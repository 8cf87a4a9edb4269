"""When a person may be sent mail: quiet hours and the time of the daily mail, in the zone of the person's site."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.models import NotificationHours

DAILY_AT = time(8)


@dataclass(frozen=True, slots=True)
class MailHours:
    """Quiet from one time of the day to another, possibly over midnight; both None: never quiet."""

    zone: ZoneInfo
    quiet_from: time | None = None
    quiet_until: time | None = None
    urgent_passes: bool = True
    daily_at: time = DAILY_AT

    def next_allowed(self, now: datetime, *, is_urgent: bool) -> datetime:
        """The first moment from `now` on at which mail may be sent."""
        if self.quiet_from is None or self.quiet_until is None or (is_urgent and self.urgent_passes):
            return now
        clock = now.astimezone(self.zone).time().replace(tzinfo=None)
        if self.quiet_from <= self.quiet_until:
            is_quiet = self.quiet_from <= clock < self.quiet_until
        else:
            is_quiet = clock >= self.quiet_from or clock < self.quiet_until
        return self._next(self.quiet_until, now) if is_quiet else now

    def next_daily(self, now: datetime) -> datetime:
        """When the next daily mail goes out."""
        return self._next(self.daily_at, now)

    def _next(self, clock: time, now: datetime) -> datetime:
        """The next time the clock on the wall shows this, after `now`."""
        local = now.astimezone(self.zone)
        found = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0, fold=0)
        if found <= local:
            found += timedelta(days=1)
        return found.astimezone(now.tzinfo)


def mail_hours(stored: NotificationHours | None, zone: ZoneInfo) -> MailHours:
    """What a person has chosen, or what holds for everybody."""
    if stored is None:
        return MailHours(zone)
    return MailHours(
        zone,
        time.fromisoformat(stored.quiet_from) if stored.quiet_from else None,
        time.fromisoformat(stored.quiet_until) if stored.quiet_until else None,
        stored.urgent_passes,
        time.fromisoformat(stored.daily_at),
    )
