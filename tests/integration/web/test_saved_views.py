"""Saved views of the inbox: kept, shared with a group, begun with; what they find stays everybody's own."""

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import ProcessInstance, SavedFilter
from app.models.history import HistoryEvent
from app.operations.customer_erasure import scrub_customers
from app.operations.saved_filters import forget_filters_naming
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import MARKER, NOW, Dealership

SHARED = {"name": "Calls of all", "view": "claimable", "shared_with": "cr_advisor hq"}


def kept(engine: Engine) -> list[SavedFilter]:
    with Session(engine) as session:
        return list(session.scalars(select(SavedFilter).order_by(SavedFilter.id)))


def test_a_view_is_saved_opened_changed_begun_with_and_deleted(
    app: Flask, advisor: Browser, main_engine: Engine
) -> None:
    assert 'value="claimable" selected' in advisor.get("/inbox/views/new?view=claimable&q=x").text
    assert advisor.post("/inbox/views", {"name": " ", "view": "claimable"}).status_code == 422
    assert advisor.post("/inbox/views", {"name": "X", "view": "none"}).status_code == 422
    assert advisor.post("/inbox/views", {"name": "X", "view": "mine", "process": "none"}).status_code == 422
    wanted = {"name": "Oil to claim", "view": "claimable", "process": "follow_up", "words": MARKER}
    assert advisor.post("/inbox/views", wanted).status_code == 303
    (saved,) = kept(main_engine)
    address = f"/inbox?view=claimable&process=follow_up&q={MARKER}&saved={saved.id}"
    page = advisor.get(address).text
    assert '<h1 class="list-title" id="list-title">Oil to claim</h1>' in page
    assert MARKER in page
    other = f"/inbox?view=mine&saved={saved.id}"
    assert '<h1 class="list-title" id="list-title">My tasks</h1>' in advisor.get(other).text, "no longer what is asked"
    path = f"/inbox/views/{saved.id}"
    advisor.post(f"{path}/start")
    begun = advisor.get("/").headers["Location"]
    assert f"saved={saved.id}" in begun
    assert "I begin here" in advisor.get("/inbox/views").text
    assert advisor.post(path, {**wanted, "name": "Oil", "words": ""}).status_code == 303
    assert (kept(main_engine)[0].name, kept(main_engine)[0].search) == ("Oil", "")
    stranger = signed_in(app, "service_manager")
    assert "Oil" not in stranger.get("/inbox/views").text
    for method, suffix in (("GET", ""), ("POST", ""), ("POST", "/delete"), ("POST", "/start")):
        assert stranger.request(method, path + suffix, data=wanted).status_code == 404
    assert advisor.post(f"{path}/delete").status_code == 303
    assert advisor.get("/").headers["Location"] == "/inbox"
    assert kept(main_engine) == []


@SQLITE_ONLY
def test_a_shared_view_is_a_question_never_an_answer(
    app: Flask, advisor: Browser, main_engine: Engine, dealership: Dealership
) -> None:
    assert advisor.post("/inbox/views", SHARED).status_code == 403, "leads nobody"
    assert "Who sees it" not in advisor.get("/inbox/views/new").text
    owner = signed_in(app, "service_manager")
    assert owner.post("/inbox/views", {**SHARED, "shared_with": "nobody hq"}).status_code == 422
    assert owner.post("/inbox/views", {**SHARED, "shared_with": "cr_advisor outlet"}).status_code == 403
    assert owner.post("/inbox/views", SHARED).status_code == 303
    (saved,) = kept(main_engine)
    address, path = f"/inbox?view=claimable&saved={saved.id}", f"/inbox/views/{saved.id}"
    assert "Calls of all" in advisor.get("/inbox").text
    assert MARKER in advisor.get(address).text
    assert MARKER not in owner.get(address).text, "it may not be claimed by who asks"
    assert "Calls of all" not in signed_in(app, "service_advisor").get("/inbox").text
    assert "Calls of all" not in signed_in(app, "stranger").get("/inbox/views").text
    assert advisor.get(path).status_code == 404
    refused = advisor.post(f"{path}/delete")
    assert (refused.status_code, "Only its owner" in refused.text) == (403, True)
    assert advisor.post(f"{path}/start").status_code == 303
    admin = signed_in(app, "admin")
    assert "Calls of all" in admin.get("/inbox/views").text
    assert "Calls of all" not in admin.get("/inbox").text
    assert "View of the inbox shared or changed" in admin.get("/admin/history?subject=settings").text
    assert admin.post(path, {**SHARED, "shared_with": ""}).status_code == 303
    assert "Calls of all" not in advisor.get("/inbox").text
    assert advisor.get("/").headers["Location"] == "/inbox", "what is not shared any more is not begun with"
    assert "View of the inbox not shared any more" in admin.get("/admin/history?subject=settings").text
    with Session(main_engine) as session:
        told = session.scalars(select(HistoryEvent.canonical).where(HistoryEvent.type.like("inbox_view%"))).all()
    assert len(told) == 2
    assert not [body for body in told if "Calls of all" in str(body)], "a name may be a customer's"


@SQLITE_ONLY
def test_erasing_a_customer_deletes_the_filters_that_name_the_person(
    app: Flask, main_engine: Engine, dealership: Dealership
) -> None:
    with writing(), Session(main_engine) as session:
        for number, (name, search, query) in enumerate(
            [
                (f"Car of {MARKER}", "", "{}"),
                ("Number", "1001111", "{}"),
                ("Plate", "示a11111 oil", "{}"),
                ("Program", "", f'{{"nameLike": "%{MARKER}%"}}'),
                ("Kept", "oil 100", "{}"),
            ]
        ):
            session.add(SavedFilter(
                id=f"filter-{number}", owner_id="cr_advisor", name=name, search=search, query=query, properties="{}",
                saved_at=NOW, view=None if name == "Program" else "mine",
            ))  # fmt: skip
        session.commit()
        forget_filters_naming(session, ["", "x"])
        assert len(session.scalars(select(SavedFilter)).all()) == 5
        customer_id = session.get_one(ProcessInstance, dealership.instance_id).customer_id
        assert customer_id
        scrub_customers(session, [customer_id], now=NOW)
        assert list(session.scalars(select(SavedFilter.name))) == ["Kept"]
