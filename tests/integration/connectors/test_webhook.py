from decimal import Decimal

import pytest

from app.connectors import BY_NAME, ConnectorCall, ConnectorFailed
from app.connectors.connector import Values
from tests.integration.webhook_receiver import Receiver, guard_for, webhook_receiver


def _call(address: str, **inputs: object) -> Values:
    guard = guard_for(Receiver(address=address))
    return BY_NAME["webhook"].run(ConnectorCall("key-1", {"target": "shop", **inputs}, {"shop": address}, guard))


def test_document_arrives_with_the_key_of_the_job() -> None:
    with webhook_receiver() as receiver:
        receiver.status = 202
        assert _call(receiver.address, name="小王", amount=Decimal("1.5")) == {"status": Decimal(202)}
    assert receiver.received == [("key-1", {"name": "小王", "amount": 1.5})]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_refusal_fails_the_attempt_and_redirects_are_not_followed(status: int) -> None:
    with webhook_receiver() as receiver:
        receiver.status = status
        with pytest.raises(ConnectorFailed, match=str(status)):
            _call(receiver.address)
    assert len(receiver.received) == 1


def test_receiver_that_is_away_fails_the_attempt() -> None:
    with pytest.raises(ConnectorFailed, match="shop"):
        _call("http://127.0.0.1:9/")
