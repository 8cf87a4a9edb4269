"""Finding cases by words: what is found, in which order, by whom, and that the index follows what happens."""

from functools import partial

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.files import FileKind, StoredFile
from app.models import Customer, FeedPosition, ProcessInstance, SearchCase, SearchEntry, Vehicle, case_list
from app.models.case_list import CaseFilter, case_page
from app.models.feed_position import SEARCH_RULES
from app.models.paging import list_page
from app.models.search import COUNTED, begin_search
from app.operations.actor import SYSTEM, Actor
from app.operations.attachments import FileLimits, NewFile, add_attachment, remove_attachment
from app.operations.cases import Case
from app.operations.comments import write_comment
from app.operations.customers import correct_customer
from app.operations.history_erasure import erase_subject, replay_erasures
from app.operations.process_instances import start_process
from app.operations.search_index import index_cases
from app.operations.search_proof import cases_amiss
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, follow


def _found(session: Session, words: str, person: str = "ada") -> list[str]:
    """Last digit of the numbers of the cases found, in order."""
    page = case_page(session, person, CaseFilter(state="all", words=words))
    assert page.next_cursor is None
    return [row.case_number[-1] for row in page.rows]


def _say(session: Session, case: Case, text: str) -> None:
    write_comment(session, case.id, text, actor=Actor("ada"), now=NOW)


def _attach(session: Session, case: Case, name: str) -> str:
    """A file that lies in no store: only its name matters here."""
    stored = StoredFile("0" * 64, 1, "1" * 64)
    kind = FileKind(("pdf",), "application/pdf", lambda _content, _size: None)
    file = NewFile(name, kind, stored, case.subject_id, is_scanned_first=True)
    return add_attachment(session, case.id, file, FileLimits(), actor=Actor("ada"), now=NOW)


@pytest.fixture
def case(session: Session, dealership: Dealership) -> Case:
    session.merge(Customer(id=CUSTOMER, name="王小明", phone="10011112222", created_at=NOW, created_by="ada"))
    session.add(Vehicle(id="car", vin="ZZZFTRFX0TA000218", plate="示A11111", model="Sunrise Wagon", created_at=NOW))
    session.flush()
    remark = "第二次 the front-left wheel, 100%"
    case = dealership.start(subject="发动机漏油 engine oil", vehicle_id="car", remark=remark)
    follow(session)
    session.commit()
    return case


FOUND = (
    "IN-2026-000001", "in2026000001", "000001", "10011112222", "100-1111-2222", "2222", "1111 2222",
    "示A11111", "示a·11111", "A1111", "ZZZFTRFX0TA000218", "000218", "王小明", "小明", "王", "王 漏油", "漏油",
    "发动机漏油", "engine", "ENGIN", "en", "e", '"engine oil"', "“发动机漏油”", "sunrise wagon", "第二次",
    "frontleft", "front-left", "100", "王小明 2222 wheel 漏油",
)  # fmt: skip
NOT_FOUND = (
    "机发", "漏油机", "王大明", "小明王", "999", "10011112223", '"oil engine"', "engine 刹车", "%", "_", "示A11111x",
    "'; drop table search_case --",
)  # fmt: skip


def test_a_case_is_found_by_what_stands_in_it_however_written(session: Session, case: Case) -> None:
    assert [words for words in FOUND if _found(session, words) != ["1"]] == []
    assert [words for words in NOT_FOUND if _found(session, words)] == []


def test_pieces_that_stand_apart_are_not_the_word(session: Session, dealership: Dealership) -> None:
    dealership.start(subject="发动 动机")
    follow(session)
    assert _found(session, "发动机") == []
    assert _found(session, "发动 动机") == ["1"]


def test_comments_and_names_of_files_are_found(session: Session, case: Case) -> None:
    _say(session, case, "客户要求退款 refund")
    attachment_id = _attach(session, case, "行驶证 scan.pdf")
    assert _found(session, "退款") == []
    follow(session)
    for words in ("退款", "refund", "行驶证", "scan.pdf"):
        assert _found(session, words) == ["1"]
    remove_attachment(session, attachment_id, "wrong file", actor=Actor("own"), now=NOW)
    follow(session)
    assert _found(session, "行驶证") == []


def test_an_erased_case_without_a_customer_is_no_longer_in_the_index(session: Session, dealership: Dealership) -> None:
    case = dealership.start(customer_id=None, subject="湖边的人")
    follow(session)
    assert _found(session, "湖边") == ["1"]
    erase_subject(session, case.id, "asked for it", actor=SYSTEM, now=NOW)
    assert _found(session, "湖边") == []
    follow(session)
    assert _found(session, "湖边") == []
    assert _found(session, "000001") == ["1"]


def test_the_index_follows_variables_and_customers(session: Session, case: Case, dealership: Dealership) -> None:
    dealership.complete(case, "check", "ada", verdict="later", note="空调异味")
    correct_customer(session, CUSTOMER, name="王晓敏", phone="10099998888", actor=Actor("ada"), now=NOW)
    follow(session)
    assert _found(session, "空调") == _found(session, "王晓敏") == _found(session, "99998888") == ["1"]
    assert _found(session, "王小明") == _found(session, "11112222") == []
    assert cases_amiss(session) == []


def test_numbers_come_first_then_names_then_the_rest_the_newest_first(
    session: Session, dealership: Dealership
) -> None:
    in_texts = dealership.start(subject="x", remark="RO-7788")
    in_title = dealership.start(subject="RO-7788")
    for _ in range(2):
        values = {"subject": "y"}
        start_process(session, "inquiry", values, site_id="main", business_key="RO-7788", actor=Actor("ada"), now=NOW)
    session.execute(update(ProcessInstance).where(ProcessInstance.id == in_title.id).values(title="RO-7788 noise"))
    follow(session)
    assert _found(session, "ro7788") == ["4", "3", "2", "1"]
    assert in_texts.case_number.endswith("1")


def test_pages_go_on_where_they_ended(
    session: Session, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_list, "list_page", partial(list_page, size=2))
    for number in range(5):
        dealership.start(subject="漏油" if number % 2 else "x", remark="漏油")
    follow(session)
    seen, after = [], None
    while True:
        page = case_page(session, "ada", CaseFilter(state="all", words="漏油"), after=after)
        seen += [row.case_number[-1] for row in page.rows]
        after = page.next_cursor
        if after is None:
            break
    assert sorted(seen) == ["1", "2", "3", "4", "5"]
    assert len(seen) == 5


@pytest.mark.parametrize("cursor", ["x", "[1]", '[1, "x"]', f"[0, {10**30}]", '["2026-03-02T08:00:00+00:00", "id"]'])
def test_a_wrong_cursor_is_refused(session: Session, case: Case, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        case_page(session, "ada", CaseFilter(words="漏油"), after=cursor)


def test_filters_hold_for_what_is_found(session: Session, case: Case) -> None:
    assert case_page(session, "ada", CaseFilter(state="completed", words="漏油")).rows == ()
    assert case_page(session, "ada", CaseFilter(process_key="answer", words="漏油")).rows == ()
    assert len(case_page(session, "ada", CaseFilter(state="open", process_key="inquiry", words="漏油")).rows) == 1


def test_w03_a_word_of_a_hidden_case_is_found_by_those_who_see_it_only(
    session: Session, dealership: Dealership
) -> None:
    values = {"subject": "琥珀木牌", "customer_id": CUSTOMER}
    start_process(session, "inquiry", values, site_id="outlet", actor=SYSTEM, now=NOW)
    dealership.start(subject="琥珀")
    follow(session)
    for person in ("ada", "bea", "cam", "dan", "eve", "own", "two", "dual", "gone", "nobody"):
        assert _found(session, "琥珀木牌", person) == []
    assert _found(session, "琥珀木牌", "far") == ["1"]
    assert _found(session, "琥珀", "ada") == ["2"]


def test_an_erased_customer_is_no_longer_in_the_index(session: Session, case: Case) -> None:
    _say(session, case, "他住在湖边")
    follow(session)
    erase_subject(session, CUSTOMER, "asked for it", actor=SYSTEM, now=NOW)
    session.commit()
    for words in ("王小明", "2222", "11111", "湖边", "漏油"):
        assert _found(session, words) == []
    assert session.scalars(select(SearchEntry)).all() == []
    follow(session)
    assert session.scalars(select(SearchCase.content)).one().startswith("in2026000001\x1e\x1e")
    assert _found(session, "000001") == ["1"]
    assert _found(session, "湖边") == _found(session, "王") == []


def test_an_index_restored_from_before_an_erasure_forgets_again(session: Session, case: Case) -> None:
    erase_subject(session, CUSTOMER, "asked for it", actor=SYSTEM, now=NOW)
    session.rollback()  # as a restore of yesterday's main database
    assert _found(session, "王小明") == ["1"]
    replay_erasures(session, actor=SYSTEM, now=NOW)
    assert _found(session, "王小明") == []


def test_nothing_is_written_where_nothing_to_be_found_changed(session: Session, case: Case) -> None:
    assert index_cases(session, [case.id]) == 0
    _say(session, case, "新")
    assert index_cases(session, [case.id]) == 1


def test_an_index_of_other_rules_is_made_anew(session: Session, case: Case) -> None:
    session.execute(update(FeedPosition).where(FeedPosition.name == SEARCH_RULES).values(position="0"))
    session.execute(update(SearchCase).values(content="old"))
    follow(session)
    assert _found(session, "漏油") == ["1"]
    assert cases_amiss(session) == []


def test_the_proof_sees_what_is_amiss(session: Session, case: Case, dealership: Dealership) -> None:
    assert cases_amiss(session) == []
    entry = session.scalars(select(SearchEntry).where(SearchEntry.piece == "漏油")).one()
    session.delete(entry)
    session.flush()
    assert cases_amiss(session) == [case.id]
    session.add(SearchEntry(piece="油漏", place=0, recency=entry.recency))
    session.flush()
    assert cases_amiss(session) == [case.id]
    session.execute(delete(SearchCase))
    assert case.id in cases_amiss(session)
    unindexed = dealership.start()
    assert unindexed.id in cases_amiss(session)


def test_a_common_word_stops_after_a_page(session: Session, case: Case) -> None:
    """Entries are read in the order of the page: nothing is sorted, however many there are."""
    engine = session.get_bind()
    statements: list[tuple[str, object]] = []

    def keep(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "search_entry.piece =" in statement and "ORDER BY" in statement:
            statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    try:
        assert _found(session, "漏油") == ["1"]
    finally:
        event.remove(engine, "before_cursor_execute", keep)
    [(statement, parameters)] = statements
    if engine.dialect.name == "sqlite":
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        steps = [row[3] for row in plan]
        assert steps[0].startswith("SEARCH search_entry USING PRIMARY KEY (piece=?"), steps
        assert not [step for step in steps if "TEMP B-TREE" in step], steps
    else:
        connection = session.connection()
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_sort = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
        assert not [step for step in plan if "Sort" in step], plan


def test_the_rarest_piece_is_begun_with(session: Session, case: Case, dealership: Dealership) -> None:
    dealership.start(subject="漏油")
    follow(session)
    search = begin_search(session, "漏油 发动机")
    assert search is not None
    assert (search.piece, search.entries) == ("动机", 1)
    assert search.is_rare
    assert search.entries < COUNTED
    assert begin_search(session, "漏油 没有") is None
