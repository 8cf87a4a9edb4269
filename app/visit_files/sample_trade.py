"""The trade of an invented site day by day, as its dealer system would export it: people come back, and some do not."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.visit_files.sample import ADVISORS, AIR_CONDITIONING, HEADER, SELLERS, TIMES, WORK, Owner, Row, invented_owner

_REPAIRS_OF_A_CAR_A_YEAR = 2.4
_LEAVE_FOR_GOOD = 0.06  # of those who come


@dataclass
class SampleTrade:
    """What comes to a site on a working day.

    Arguments: prefix, of the site's order numbers; repairs and deliveries, how many on average on a working day;
    first_car, from which its cars are numbered.
    """

    prefix: str
    repairs: float
    deliveries: float
    first_car: int
    chance: random.Random
    _owners: list[Owner] = field(default_factory=list)
    _orders: int = 0

    def __post_init__(self) -> None:
        working_days = 250
        for _ in range(round(self.repairs * working_days / _REPAIRS_OF_A_CAR_A_YEAR)):
            self._new_owner()

    def export_of(self, day: date) -> list[Row]:
        """Rows of the day's export, header first."""
        repairs = [self._repair(day) for _ in range(self._number(self.repairs))]
        return [HEADER, *repairs, *(self._delivery(day) for _ in range(self._number(self.deliveries)))]

    def _number(self, average: float) -> int:
        """Around the average: each of twice as many may come or not."""
        whole = max(1, round(average * 2))
        return sum(self.chance.random() < average / whole for _ in range(whole))

    def _new_owner(self) -> Owner:
        owner = invented_owner(self.chance, self.first_car + len(self._owners) + self._orders)
        self._owners.append(owner)
        return owner

    def _repair(self, day: date) -> Row:
        owner = self.chance.choice(self._owners)
        if self.chance.random() < _LEAVE_FOR_GOOD:
            self._owners.remove(owner)
        handed_over = datetime.combine(day, time(self.chance.randrange(9, 16), self.chance.choice((0, 15, 30, 45))))
        return (
            "维修", self._order("R", day), owner.name, owner.title, owner.phone, owner.name, owner.phone, owner.plate,
            owner.vin, owner.model, str(self.chance.randrange(2_000, 120_000)), f"{handed_over:%Y-%m-%d %H:%M}", "",
            "、".join(self._work(day)), self.chance.choice(ADVISORS), f"{self.chance.randrange(120, 6_000)}.00",
            self.chance.choices(("是", "否", ""), (90, 5, 5))[0], self.chance.choice(TIMES),
        )  # fmt: skip

    def _work(self, day: date) -> list[str]:
        """In summer every third car comes for its air conditioning."""
        if day.month in (6, 7, 8, 9) and self.chance.random() < 1 / 3:
            return [AIR_CONDITIONING]
        return self.chance.sample(WORK, self.chance.choice((1, 1, 2, 3)))

    def _delivery(self, day: date) -> Row:
        owner = self._new_owner()
        return (
            "交车", self._order("S", day), owner.name, owner.title, owner.phone, "", "", owner.plate, owner.vin,
            owner.model, "12", f"{day:%Y-%m-%d} 15:00", f"{day - timedelta(days=1):%Y-%m-%d}", "",
            self.chance.choice(SELLERS), f"{self.chance.randrange(89, 290)}800.00", "是", self.chance.choice(TIMES),
        )  # fmt: skip

    def _order(self, kind: str, day: date) -> str:
        self._orders += 1
        return f"{self.prefix}{kind}{day:%y%m%d}{self._orders:04d}"
