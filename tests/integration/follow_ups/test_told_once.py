"""Two workers look at the same time who owes a list: each person is told by one of them."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Notification, Site
from app.operations.lists_told import tell_of_due_lists
from tests.integration.follow_ups.conftest import NOW, NewVisit


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_waits_for_what_another_tells(
    session: Session, sessions: sessionmaker[Session], site: Site, new_visit: NewVisit
) -> None:
    def tell() -> None:
        with writing(), sessions() as other, other.begin():
            tell_of_due_lists(other, NOW)

    new_visit(1, 30)
    session.commit()
    tell_of_due_lists(session, NOW)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(tell)
        with pytest.raises(StillWaiting):
            second.result(timeout=0.5)
        session.commit()
        second.result(timeout=20)
    assert session.scalars(select(Notification.user_id).where(Notification.kind == "list_due")).all() == ["lu"]
