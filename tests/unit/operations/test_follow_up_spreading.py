"""Calls are spread evenly over days and callers, within what was promised."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.operations.follow_up_spreading import Call, Crew, Place, even_out

MONDAY = date(2026, 5, 18)
FRIDAY, NEXT_FRIDAY = MONDAY + timedelta(days=4), MONDAY + timedelta(days=11)


def crew(*callers: str, most: int = 10, away: frozenset[tuple[str, date]] = frozenset()) -> Crew:
    return Crew(callers, lambda day: day.weekday() < 5, most, away)


def calls(count: int, first: date = MONDAY, last: date = FRIDAY) -> list[Call]:
    return [Call(f"call-{number:03}", first, last) for number in range(count)]


def spread(some: Iterable[Call], crew: Crew, not_before: date) -> Mapping[str, Place]:
    """Calls that have no place yet."""
    return even_out({call.id: (call, None) for call in some}, crew, not_before)


def test_the_same_number_each_working_day_and_for_each_caller() -> None:
    places = spread(calls(40, MONDAY, NEXT_FRIDAY), crew("bai", "lin"), MONDAY)
    assert set(Counter((place.day, place.caller_id) for place in places.values()).values()) == {2}
    assert {place.day.weekday() for place in places.values()} == set(range(5))


def test_numbers_that_do_not_divide_differ_by_one_at_most() -> None:
    places = spread(calls(23), crew("bai", "lin"), MONDAY).values()
    by_day, by_caller = (Counter(map(key, places)) for key in (lambda one: one.day, lambda one: one.caller_id))
    assert max(by_day.values()) - min(by_day.values()) <= 1
    assert max(by_caller.values()) - min(by_caller.values()) <= 1


def test_calls_with_few_days_go_first() -> None:
    urgent = [Call(f"urgent-{number}", MONDAY, MONDAY) for number in range(4)]
    places = spread([*calls(4, MONDAY, MONDAY + timedelta(days=1)), *urgent], crew("lin"), MONDAY)
    assert {places[call.id].day for call in urgent} == {MONDAY}
    assert {place.day for call, place in places.items() if call.startswith("call")} == {MONDAY + timedelta(days=1)}


def test_nobody_who_is_away_and_nothing_before_today() -> None:
    away = frozenset({("lin", MONDAY + timedelta(days=number)) for number in range(4)})
    places = spread(calls(6), crew("bai", "lin", away=away), MONDAY + timedelta(days=2)).values()
    assert min(place.day for place in places) == MONDAY + timedelta(days=2)
    assert not {(place.caller_id, place.day) for place in places} & away
    assert {place.day for place in places if place.caller_id == "lin"} == {FRIDAY}


def test_a_day_without_anybody_is_avoided_until_there_is_no_other() -> None:
    away = frozenset({("lin", MONDAY)})
    assert crew("lin", away=away).place(Call("one", MONDAY, FRIDAY), MONDAY).day == MONDAY + timedelta(days=1)
    assert crew("lin", away=away).place(Call("one", MONDAY, MONDAY), MONDAY) == Place(MONDAY, None)


def test_a_full_day_gives_way_and_full_days_still_take_what_was_promised() -> None:
    places = spread(calls(7, MONDAY, MONDAY + timedelta(days=1)), crew("lin", most=2), MONDAY).values()
    assert Counter(place.day for place in places) == {MONDAY: 4, MONDAY + timedelta(days=1): 3}
    assert crew("bai", "lin", most=2).room_on(MONDAY) == 4


def test_the_same_calls_give_the_same_plan_in_whatever_order_they_come() -> None:
    some = calls(17)
    assert spread(some, crew("bai", "lin"), MONDAY) == spread(reversed(some), crew("bai", "lin"), MONDAY)


def test_only_what_has_to_move_moves() -> None:
    some = calls(20)
    even = spread(some, crew("bai", "lin"), MONDAY)
    assert even_out({call.id: (call, even[call.id]) for call in some}, crew("bai", "lin"), MONDAY) == even
    uneven = {
        call.id: (call, Place(MONDAY, "bai") if number < 4 else even[call.id]) for number, call in enumerate(some)
    }
    after = even_out(uneven, crew("bai", "lin"), MONDAY)
    moved = [key for key, (_, before) in uneven.items() if after[key] != before]
    assert set(Counter(after.values()).values()) == {2}
    assert len(moved) <= 4


def test_somebody_falls_ill_and_the_others_take_over() -> None:
    some = calls(20)
    even = spread(some, crew("bai", "lin"), MONDAY)
    away = frozenset({("lin", MONDAY)})
    after = even_out({call.id: (call, even[call.id]) for call in some}, crew("bai", "lin", away=away), MONDAY)
    assert Place(MONDAY, "lin") not in after.values()
    assert set(Counter(after.values()).values()) <= {2, 3}
    assert sum(after[key] != place for key, place in even.items()) <= 4
