"""What sample people write into the forms of rectification."""

from datetime import datetime, timedelta

from app.cli.demo_history.work import Answers, Texts, Work

MEASURES = (
    ("按小时分流预约", "周一、周五预约集中，工位不足", "每小时限两台，客服中心按表放号"),
    ("预留急修工位", "急修插队打乱计划", "每天上午留一个工位，由车间主任调配"),
)


def _suggest(_work: Work) -> Texts:
    return {"proposal_text": "建议把保养预约挪到周二至周四。"}


def _set_measures(work: Work) -> Texts:
    texts: Texts = {"cause_analysis": "预约没有上限，工位与技师排班不匹配。"}
    for number, (what, why, how) in enumerate(MEASURES):
        texts |= {
            f"measures-{number}-_item": "1", f"measures-{number}-kind": "corrective",
            f"measures-{number}-responsible_id": work.helpers[number % len(work.helpers)] if work.helpers else work.me,
            f"measures-{number}-due_on": _day(work.at + timedelta(days=12)), f"measures-{number}-what": what,
            f"measures-{number}-why": why, f"measures-{number}-where": "维修车间", f"measures-{number}-how": how,
        }  # fmt: skip
    return texts


def _approve(_work: Work) -> Texts:
    return {"measures_decision": "approved"}


def _carry_out(_work: Work) -> Texts:
    return {"evidence_text": "新的预约表已启用，连续两周的排班表存于共享文件夹。"}


def _step_in(_work: Work) -> Texts:
    return {"step_in_note": "请本周内完成，缺少的设备由我协调。"}


def _verify(work: Work) -> Texts:
    return {"verification": "verified", "effective_from": _day(work.at)}


def _note_result(_work: Work) -> Texts:
    return {"general_manager_note": "措施有效，继续跟踪两个月。"}


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


ANSWERS: Answers = {
    "rectification_suggest": _suggest,
    "rectification_measures": _set_measures,
    "rectification_approve": _approve,
    "rectification_carry_out": _carry_out,
    "rectification_step_in": _step_in,
    "rectification_verify": _verify,
    "rectification_result": _note_result,
}
