"""Cron expressions: a timer's cycle by the clock on the wall, such as every working day at nine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_ANY_MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
_NUMBERED_DAY = re.compile(r"(?<![#/\d])[1-7](?!\d)")  # neither the n-th of the month nor a step


@dataclass(frozen=True, slots=True)
class Cron:
    """Five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday)."""

    fields: str

    def __str__(self) -> str:
        return self.fields

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The next time later than `moment`, by the clocks of the zone, in UTC; raises ValueError beyond all years.

        An hour that summer time leaves out moves to the next that exists, one that comes twice counts once.
        """
        try:
            return next(CronSim(self.fields, moment.astimezone(zone))).astimezone(UTC)
        except StopIteration as error:
            raise ValueError(self.fields) from error


def parse_cron(text: str) -> Cron | None:
    """Read cron's five fields, or the six of Quartz, which Camunda 7 writes: seconds first, `?`, Sunday is 1."""
    fields = text.split()
    if len(fields) == 6 and fields[0] == "0":
        weekday = _NUMBERED_DAY.sub(lambda day: str(int(day[0]) - 1), fields[5])
        fields = [field.replace("?", "*") for field in (*fields[1:5], weekday)]
    if len(fields) != 5:
        return None
    try:
        CronSim(" ".join(fields), _ANY_MOMENT)
    except CronSimError:
        return None
    return Cron(" ".join(fields))
