"""What sample people write into the forms of a monthly report."""

from app.cli.demo_history.customers import BAD_MONTHS, MEASURES_SET
from app.cli.demo_history.work import Answers, Texts, Work


def _check_report(work: Work) -> Texts:
    is_bad = work.lived.months_ago + 1 in BAD_MONTHS
    remark = "本月准时交车投诉明显增多，周一、周五工位不足。" if is_bad else "各项指标正常。"
    return {"check_decision": "issue", "comment_overall": remark}


def _acknowledge(_work: Work) -> Texts:
    return {"receipt": "acknowledged"}


def _analyse(work: Work) -> Texts:
    if work.lived.months_ago != MEASURES_SET:
        found = {"quality_findings": "本月问题分散，未见异常波动。", "earlier_effect": "以往措施持续有效。"}
        return {**found, "has_proposals": "no"}
    return {
        "quality_findings": "准时交车率超出控制下限，主要集中在周一和周五。", "earlier_effect": "上月没有新措施。",
        "has_proposals": "yes", "proposals-0-problem_kind": "on_time", "proposals-0-cause_category": "method",
        "proposals-0-text": "按小时分流预约，每小时限两台，预留急修工位。",
    }  # fmt: skip


ANSWERS: Answers = {
    "monthly_report_check": _check_report,
    "monthly_report_acknowledge": _acknowledge,
    "monthly_report_analyse": _analyse,
}
