"""A moment of the past as the signed-in person reads it, now and in their zone and language."""

from datetime import datetime

from app.web.current import current_person, current_time
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale


def past_moment(moment: datetime) -> HumanTime:
    """When something happened."""
    return describe_moment(moment, current_time(), current_person().zone, locale())
