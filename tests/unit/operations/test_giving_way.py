"""A long computation waits while somebody waits for other work, but not for ever."""

from threading import Event, Thread
from time import monotonic

from app.operations.giving_way import Patience, WaitedFor


def test_it_goes_on_when_the_others_are_done() -> None:
    others, is_begun, may_end, order = WaitedFor(), Event(), Event(), list[str]()

    def answer() -> None:
        with others:
            is_begun.set()
            may_end.wait(30)
            order.append("answered")

    def compute() -> None:
        Patience(others, 30)()
        order.append("computed")

    answering, computing = Thread(target=answer), Thread(target=compute)
    answering.start()
    assert is_begun.wait(30)
    computing.start()
    computing.join(0.05)
    assert computing.is_alive()
    may_end.set()
    computing.join(30)
    answering.join(30)
    assert order == ["answered", "computed"]


def test_its_patience_ends_where_there_is_always_somebody_else() -> None:
    others = WaitedFor()
    with others:
        give_way, began = Patience(others, 0.02), monotonic()
        for _ in range(1000):
            give_way()
        assert 0.02 <= monotonic() - began < 20


def test_who_computes_does_not_wait_for_themselves() -> None:
    others, began = WaitedFor(), monotonic()
    with others, others.aside():
        assert not others.is_any
        Patience(others, 30)()
    assert not others.is_any
    assert monotonic() - began < 20
