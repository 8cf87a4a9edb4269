"""What sample people write into the forms of a complaint."""

from app.cli.demo_history.work import Answers, Texts, Work, tomorrow_morning


def _note(_work: Work) -> Texts:
    return {"general_manager_note": "已阅，请跟进。"}


def _fill_in(work: Work) -> Texts:
    return {
        "complaint_text": str(work.variables.get("complaint_text") or "客户来店反映问题。"),
        "complaint_contact_time": str(work.variables.get("complaint_contact_time") or "随时都可以"),
        "problem_kind": str(work.variables.get("problem_kind") or "quality"), "customer_wish": "希望给一个说法。",
    }  # fmt: skip


def _confirm(work: Work) -> Texts:
    if work.chance.random() < 0.05:
        return {"confirmation": "not_a_complaint", "reject_reason": "客户咨询，并非投诉，已当面解释清楚。"}
    return {
        "confirmation": "confirmed", "department": work.chance.choice(("service_manager", "business_manager")),
        "problem_kind": str(work.variables.get("problem_kind") or "quality"), "confirm_note": "",
    }  # fmt: skip


def _investigate(work: Work) -> Texts:
    if work.helpers and work.variables.get("help_findings") is None and work.chance.random() < 0.25:
        return {
            "investigation_step": "ask", "helpers": list(work.helpers[:2]), "help_question": "请核实当时的作业情况。",
            "help_due_at": tomorrow_morning(work),
        }  # fmt: skip
    kind = work.variables.get("problem_kind")
    cause = {"on_time": "method", "quality": "method", "attitude": "people", "reception": "people", "parts": "material"}
    return {
        "investigation_step": "conclude", "findings": "查阅工单和录像，与班组谈话，情况属实。",
        "cause_category": cause.get(str(kind), "method"), "responsible_party": "机电一组",
        "corrective_needed": "no",
    }  # fmt: skip


def _help_out(_work: Work) -> Texts:
    return {"help_text": "当日工位排满，作业记录完整，交车前检查一项未签字。"}


def _decide(work: Work) -> Texts:
    amount = work.chance.choice((0, 0, 200, 300, 500, 800, 2600))
    return {"remedy": "免费返工，致歉，赠送保养券。", "remedy_amount": str(amount)}


def _approve(_work: Work) -> Texts:
    return {"remedy_decision": "approved"}


def _reply(work: Work) -> Texts:
    when = f"{work.at:%Y-%m-%dT%H:%M}"
    return {"reply_channel": "phone", "reply_text": "已致电客户说明原因和处理方案，客户表示理解。", "replied_at": when}


def _give_result(work: Work) -> Texts:
    is_satisfied = work.chance.random() < 0.88
    view = "客户认可处理结果。" if is_satisfied else "客户仍不满意，希望再次处理。"
    return {"customer_verdict": "satisfied" if is_satisfied else "not_satisfied", "customer_view": view}


def _step_in(_work: Work) -> Texts:
    return {"step_in_measure": "请责任部门今天下班前回复客户，并说明超时原因。"}


def _handle_in_person(_work: Work) -> Texts:
    return {
        "settlement": "总经理上门拜访，赠送一年保养。", "settlement_amount": "1200", "settlement_verdict": "satisfied"
    }  # fmt: skip


ANSWERS: Answers = {
    "follow_up_note": _note,
    "complaint_note": _note,
    "complaint_form": _fill_in,
    "complaint_confirm": _confirm,
    "complaint_investigate": _investigate,
    "complaint_help": _help_out,
    "complaint_decide": _decide,
    "complaint_approve": _approve,
    "complaint_reply": _reply,
    "complaint_result": _give_result,
    "complaint_step_in": _step_in,
    "complaint_handle": _handle_in_person,
}
