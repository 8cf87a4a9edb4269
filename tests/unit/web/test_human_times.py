from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale

from app.web.human_times import Urgency, describe_due, describe_moment, describe_wake, exact_time, urgency_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)  # Wednesday, 10:00 in Shanghai

pytestmark = pytest.mark.usefixtures("in_language")


@pytest.mark.parametrize(
    ("ahead", "english", "chinese", "urgency"),
    [
        (timedelta(seconds=-20), "1 min late", "逾期 1 分钟", "late"),
        (timedelta(minutes=-59), "59 min late", "逾期 59 分钟", "late"),
        (timedelta(hours=-5), "5 h late", "逾期 5 小时", "late"),
        (timedelta(days=-1, hours=-3), "1 day late", "逾期 1 天", "late"),
        (timedelta(days=-2), "2 days late", "逾期 2 天", "late"),
        (timedelta(hours=5, minutes=30), "Today 15:30", "今天 15:30", "today"),
        (timedelta(days=1), "Tomorrow 10:00", "明天 10:00", "soon"),
        (timedelta(days=3), "Sat 10:00", "周六 10:00", "soon"),
        (timedelta(days=7), "May 27 10:00", "5月27日 10:00", "soon"),
        (timedelta(days=8), "May 28 10:00", "5月28日 10:00", "later"),
        (timedelta(days=400), "Jun 24, 2027 10:00", "2027年6月24日 10:00", "later"),
    ],
)
def test_a_due_date_is_said_as_people_say_it(ahead: timedelta, english: str, chinese: str, urgency: str) -> None:
    due = describe_due(NOW + ahead, NOW, SHANGHAI, "en")
    assert (due.text, due.urgency) == (english, urgency)
    with force_locale("zh_CN"):
        assert describe_due(NOW + ahead, NOW, SHANGHAI, "zh_CN").text == chinese


def test_today_is_the_day_of_the_site_not_of_the_server() -> None:
    late_evening = datetime(2026, 5, 20, 15, 59, tzinfo=UTC)
    assert urgency_of(late_evening, NOW, SHANGHAI) is Urgency.TODAY
    assert urgency_of(late_evening + timedelta(minutes=1), NOW, SHANGHAI) is Urgency.SOON
    assert urgency_of(None, NOW, SHANGHAI) is Urgency.UNDATED


def test_a_past_moment_has_its_day_and_the_exact_time_with_its_zone() -> None:
    moment = describe_moment(NOW - timedelta(days=1), NOW, SHANGHAI, "en")
    assert moment.text == "Yesterday 10:00"
    assert moment.day == "May 19, 2026"
    assert moment.iso == "2026-05-19T02:00:00Z"
    assert exact_time(NOW, SHANGHAI) == "2026-05-20 10:00:00+08:00"


def test_a_sleeping_user_task_says_when_it_wakes() -> None:
    wakes = describe_wake(NOW + timedelta(hours=1), NOW, SHANGHAI, "en")
    assert (wakes.text, wakes.urgency) == ("Today 11:00", "asleep")
