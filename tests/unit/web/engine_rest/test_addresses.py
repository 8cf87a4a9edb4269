"""The ways in which clients of Camunda 7 write the same address."""

import pytest

from app.web.engine_rest.addresses import names_identifiers, plain_address, plain_identifier

DASHED, PLAIN = "01a2051A-e20d-7020-8299-02fb740d1ed8", "01a2051ae20d7020829902fb740d1ed8"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("/engine-rest/task", "/engine-rest/task"),
        ("/engine-rest//task/", "/engine-rest/task"),
        ("/engine-rest/engine/default/task/count", "/engine-rest/task/count"),
        ("/engine-rest/engine/other/task", "/engine-rest/engine/other/task"),
        ("/engine-rest/engine", "/engine-rest/engine"),
        ("/engine-rest", "/engine-rest/"),
        (f"/engine-rest/task/{DASHED}/variables/{DASHED}", f"/engine-rest/task/{PLAIN}/variables/{DASHED}"),
        (f"/engine-rest/user/{DASHED}/profile", f"/engine-rest/user/{DASHED}/profile"),
        (f"/engine-rest/process-definition/key/{DASHED}", f"/engine-rest/process-definition/key/{DASHED}"),
    ],
)
def test_addresses(sent: str, meant: str) -> None:
    assert plain_address(sent) == meant


def test_identifiers_lose_their_dashes_and_other_names_keep_them() -> None:
    assert plain_identifier(DASHED) == PLAIN
    assert plain_identifier("a-b") == "a-b"
    assert all(map(names_identifiers, ("processInstanceId", "taskIdIn", "processInstanceIds", "executionId")))
    assert not any(map(names_identifiers, ("workerId", "userId", "businessKey", "activityId", "tenantIdIn")))
