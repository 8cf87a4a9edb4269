"""People, groups and sites changed by an administrator's program; passwords judged; counters."""

from collections.abc import Callable

from flask import Flask

from app.operations.sign_in import FREE_FAILURES_OF_ACCOUNT
from tests.integration.web.browser import PASSWORD
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, HERE, Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program, bearer, make_token

pytestmark = SQLITE_ONLY
ProgramOf = Callable[[str], Program]
LONG = "seven quiet otters under the old bridge"


def test_a_user_is_made_put_into_groups_changed_and_disabled(program_of: ProgramOf, dealership: Dealership) -> None:
    admin, profile = program_of("admin"), {"id": "new_one", "firstName": "Mei", "lastName": "Lin", "email": None}
    made = {"profile": profile, "credentials": {"password": LONG}}
    admin.done("POST", "/user/create", {**made, "credentials": {"password": "short"}}, 400)
    admin.done("POST", "/user/create", made)
    admin.done("POST", "/user/create", made, 500)
    assert admin.get("/user/new_one/profile")["firstName"] == "Mei Lin"
    member = "/group/cr_advisor/members/new_one"
    for _ in range(2):  # the second time nothing changes
        admin.done("PUT", member)
    assert [one["id"] for one in admin.get("/user", memberOfGroup="cr_advisor", id="new_one")] == ["new_one"]
    admin.done("PUT", "/user/new_one/profile", {"firstName": "Mei", "email": "mei@aftercare.invalid"})
    assert admin.get("/user/new_one/profile")["firstName"] == "Mei"
    admin.done("DELETE", member)
    admin.done("PUT", member)
    admin.done("DELETE", f"/tenant/{HERE}/user-members/new_one")
    assert admin.get("/user/count", memberOfTenant=HERE, id="new_one") == {"count": 0}
    admin.done("PUT", "/user/new_one/credentials", {"password": LONG + " again"})
    admin.done("DELETE", "/user/new_one")
    admin.done("GET", "/user/new_one/profile", status=404)


def test_administration_ends_at_the_site_and_needs_the_scope(
    app: Flask, program_of: ProgramOf, dealership: Dealership
) -> None:
    stranger, advisor = program_of("stranger"), program_of("cr_advisor")
    group = "/group/cr_advisor/members/service_advisor"
    stranger.done("PUT", group, status=404)
    stranger.done("DELETE", "/user/service_advisor", status=404)
    stranger.done("PUT", f"/tenant/{HERE}", {"name": "x"}, 404)
    program_of("admin").done("PUT", f"{group}?tenantId={ELSEWHERE}", status=403)
    advisor.done("POST", "/group/create", {"id": "valets", "name": "Valets"}, 403)
    bounded = Program(app, bearer(make_token(app, "admin", ("read", "change"))))
    bounded.done("POST", "/group/create", {"id": "valets", "name": "Valets"}, 403)


def test_groups_and_sites(program_of: ProgramOf, dealership: Dealership) -> None:
    admin, chief = program_of("admin"), program_of("chief")
    admin.done("POST", "/group/create", {"id": "valets", "name": "Valets"}, 403)  # of one site only
    chief.done("POST", "/group/create", {"id": "valets", "name": "Valets", "type": "WORKFLOW"})
    chief.done("PUT", "/group/valets", {"name": "Drivers"})
    assert chief.get("/group/valets")["name"] == "Drivers"
    chief.done("POST", "/tenant/create", {"id": "north", "name": "North"})
    chief.done("PUT", "/tenant/north", {"name": "North gate"})
    assert chief.get("/tenant/north")["name"] == "North gate"
    chief.done("PUT", "/group/valets/members/chief?tenantId=north")


def test_passwords_are_judged_and_proved(program_of: ProgramOf) -> None:
    advisor, path = program_of("cr_advisor"), "/identity/password-policy"
    check_answer("GET", path, advisor.get(path))
    for password, profile, kept in (
        (LONG, None, [True, True, True]), ("short", None, [False, True, True]),
        ("passwordpassword", None, [True, False, True]), ("mr.cr_advisor.1", {"id": "cr_advisor"}, [True, True, False]),
    ):  # fmt: skip
        judged = advisor.done("POST", path, {"password": password, "profile": profile}, 200)
        assert [rule["valid"] for rule in judged["rules"]] == kept, password
        assert judged["valid"] is all(kept)
    for password, is_right in ((PASSWORD, True), ("guess", False)):
        proof = advisor.done("POST", "/identity/verify", {"username": "cr_advisor", "password": password}, 200)
        check_answer("POST", "/identity/verify", proof)
        assert proof["isAuthenticated"] is is_right
    own = "/user/cr_advisor/credentials"
    advisor.done("PUT", own, {"password": LONG}, 400)
    advisor.done("PUT", own, {"password": LONG, "authenticatedUserPassword": PASSWORD})
    advisor.done("PUT", "/user/service_advisor/credentials", {"password": LONG}, 404)


def test_counters_and_what_is_not_collected(program_of: ProgramOf, dealership: Dealership) -> None:
    owner, name = program_of("process_owner"), "activity-instance-start"
    total = owner.get(f"/metrics/{name}/sum")["result"]
    assert total > 1
    assert owner.get(f"/metrics/{name}/sum", endDate="2020-01-01T00:00:00.000+0000") == {"result": 0}
    found = owner.get("/metrics", name=name, endDate="2026-06-01T00:00:00.000+0000", interval=86_400)
    check_answer("GET", "/metrics", found)
    assert sum(one["value"] for one in found) == total
    assert owner.get("/metrics/unique-task-workers/sum")["result"] == 0
    advisor, path = program_of("cr_advisor"), f"/task/{dealership.user_task_id}"
    for _ in range(2):  # one worker
        advisor.done("POST", f"{path}/claim", {"userId": "cr_advisor"})
        advisor.done("POST", f"{path}/unclaim")
    assert owner.get("/metrics/unique-task-workers/sum")["result"] == 1
    owner.done("POST", f"{path}/assignee", {"userId": "cr_advisor"})  # who has it counts, not who gave it
    assert [one["value"] for one in owner.get("/metrics", name="unique-task-workers", interval=86_400)] == [1]
    assert owner.get("/metrics/unique-task-workers/sum")["result"] == 1
    owner.done("GET", "/metrics/decision-count/sum", status=501)
    admin = program_of("admin")
    assert admin.get(f"/metrics/{name}/sum") == {"result": 0}
    check_answer("GET", "/schema/log", admin.get("/schema/log"))
    assert admin.done("POST", "/schema/log", {"version": "none"}, 200) == []
    for path in ("/telemetry/configuration", "/telemetry/data"):
        check_answer("GET", path, owner.get(path))
    admin.done("POST", "/telemetry/configuration", {"enableTelemetry": True}, 501)


def test_what_groups_may_do_is_told_to_who_may_know_it(program_of: ProgramOf, dealership: Dealership) -> None:
    auditor = program_of("auditor")
    rows = auditor.get("/authorization")
    check_answer("GET", "/authorization", rows)
    assert auditor.get("/authorization/count") == {"count": len(rows)}
    assert len({row["id"] for row in rows}) == len(rows)
    permissions = {row["id"]: row["permissions"] for row in rows}
    assert permissions["9:*:process_owner"] == ["READ", "CREATE", "DELETE"]
    assert permissions["9:*:auditor"] == ["READ"]
    assert "CREATE_INSTANCE" in permissions["6:complaint:cr_advisor"]
    assert "8:*:auditor" not in permissions
    wanted = {"groupIdIn": "cr_advisor", "resourceType": 6, "resourceId": "complaint", "type": 1}
    (found,) = auditor.get("/authorization", **wanted)
    assert auditor.get(f"/authorization/{found['id']}") == found
    assert auditor.get("/authorization", userIdIn="cr_advisor") == []
    ordered = auditor.get("/authorization", sortBy="resourceType", sortOrder="desc", maxResults=1)
    assert ordered[0]["resourceType"] == max(row["resourceType"] for row in rows)
    program_of("cr_advisor").done("GET", "/authorization", status=403)


def test_an_administrator_lets_somebody_try_again(program_of: ProgramOf, dealership: Dealership) -> None:
    advisor, admin = program_of("cr_advisor"), program_of("admin")
    right, guess = ({"username": "cr_advisor", "password": password} for password in (PASSWORD, "guess"))
    for _ in range(FREE_FAILURES_OF_ACCOUNT):
        advisor.done("POST", "/identity/verify", guess, 200)
    advisor.done("POST", "/identity/verify", right, 429)
    program_of("stranger").done("POST", "/user/cr_advisor/unlock", status=404)
    admin.done("POST", "/user/cr_advisor/unlock")
    assert advisor.done("POST", "/identity/verify", right, 200)["isAuthenticated"] is True
