"""Which form of the shipped processes is filled in how."""

from app.cli.demo_history import complaint, follow_up, rectification, report
from app.cli.demo_history.work import Answers

ANSWERS: Answers = {**follow_up.ANSWERS, **complaint.ANSWERS, **report.ANSWERS, **rectification.ANSWERS}
