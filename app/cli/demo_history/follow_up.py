"""What sample people write into the forms of a follow-up."""

from app.cli.demo_history.customers import told
from app.cli.demo_history.work import Answers, Texts, Work, tomorrow_morning


def _prepare(work: Work) -> Texts:
    if work.chance.random() < 0.01 and work.variables.get("correction_note") is None:
        return {"data_state": "wrong", "data_problem": "车牌号与系统不一致，请核对。"}
    return {"data_state": "right", "questionnaire_version_id": work.questionnaire_id}


def _correct_data(_work: Work) -> Texts:
    return {"data_problem": "", "correction_note": "已与客户核对，资料无误。"}


def _call(work: Work) -> Texts:
    outcomes = ("reached", "no_answer", "inconvenient", "wrong_number", "refuses")
    outcome = work.chance.choices(outcomes, (80, 13, 4, 1.5, 1.5))[0]
    texts: Texts = {"call_outcome": outcome}
    if outcome == "no_answer":  # the reason is asked for where it is the same time of day as before
        texts["same_part_reason"] = "客户平时关机，只在这个时段开机。"
    if outcome == "inconvenient":
        this_afternoon = f"{work.at.replace(hour=16):%Y-%m-%dT%H:%M}"
        texts["appointment_at"] = this_afternoon if work.at.hour < 14 else tomorrow_morning(work)
    return texts


def _record(work: Work) -> Texts:
    said = told(work.questions, work.lived, work.chance)
    texts: Texts = {f"answers.{key}": answer for key, answer in said.answers.items() if answer}
    texts |= {"spoken_to": work.chance.choice(("sent_in", "sent_in", "owner")), "satisfaction": said.satisfaction}
    texts |= {"complaint_level": said.complaint_level, "suggestions": said.suggestion}
    if said.complaint_level != "none":
        texts |= {"problem_kind": said.problem_kind, "complaint_text": said.complaint}
        texts["complaint_contact_time"] = work.chance.choice(("工作日下午", "晚上六点以后", "随时都可以"))
    return texts


def _find_number(work: Work) -> Texts:
    if work.chance.random() < 0.5:
        return {"number_found": "no"}
    return {"number_found": "yes", "corrected_phone": f"100{work.chance.randrange(10**8):08d}"}


def _write(work: Work) -> Texts:
    text = "您好！近日多次致电未能联系上您，想了解您对上次服务的感受。如有任何问题，请随时与我们联系。"
    return {"written_by": "letter", "written_on": f"{work.at:%Y-%m-%d}", "written_text": text}


def _answer_minor(work: Work) -> Texts:
    is_accepted = "yes" if work.chance.random() < 0.93 else "no"
    return {
        "answer_findings": "与当班班组核实，情况属实。", "answer_given": "已向客户致歉并说明原因，赠送一次免费检查。",
        "answered_at": f"{work.at:%Y-%m-%dT%H:%M}", "answer_accepted": is_accepted,
    }  # fmt: skip


ANSWERS: Answers = {
    "follow_up_prepare": _prepare,
    "follow_up_correct_data": _correct_data,
    "follow_up_call": _call,
    "follow_up_record": _record,
    "follow_up_find_number": _find_number,
    "follow_up_write": _write,
    "follow_up_answer": _answer_minor,
}
