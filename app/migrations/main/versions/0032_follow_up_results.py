"""Results of follow-ups as reports count them, and the questionnaires behind them with their first content."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _questionnaires()
    _results()
    _first_content()


def _questionnaires() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questionnaire"),
    )
    op.create_index("ix_questionnaire_occasion", "questionnaire", ["occasion"])
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name="fk_questionnaire_version_questionnaire_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_questionnaire_version"),
        sa.UniqueConstraint("questionnaire_id", "number", name="uq_questionnaire_version_questionnaire_id_number"),
    )


def _results() -> None:
    op.create_table(
        "follow_up_result",
        sa.Column("planned_follow_up_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("vehicle_id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.String(length=64), nullable=True),
        sa.Column("service_advisor", sa.String(length=120), nullable=False),
        sa.Column("spoken_to", sa.String(length=12), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("complaint_level", sa.String(length=8), nullable=True),
        sa.Column("problem_kind", sa.String(length=20), nullable=True),
        sa.Column("has_suggestion", sa.Boolean(), nullable=False),
        sa.Column("questionnaire_version_id", sa.String(length=32), nullable=True),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["planned_follow_up_id"], ["planned_follow_up.id"], name="fk_follow_up_result_planned_follow_up_id"
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_follow_up_result_instance_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_follow_up_result_site_id"),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name="fk_follow_up_result_questionnaire_version_id",
        ),
        sa.PrimaryKeyConstraint("planned_follow_up_id", name="pk_follow_up_result"),
    )
    for column in ("instance_id", "customer_id", "vehicle_id"):
        op.create_index(f"ix_follow_up_result_{column}", "follow_up_result", [column])
    op.create_index("ix_follow_up_result_planned", "follow_up_result", ["site_id", "planned_on"])
    op.create_index("ix_follow_up_result_closed", "follow_up_result", ["site_id", "closed_at"])
    op.create_table(
        "follow_up_answer",
        sa.Column("planned_follow_up_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("is_good", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["planned_follow_up_id"],
            ["follow_up_result.planned_follow_up_id"],
            name="fk_follow_up_answer_planned_follow_up_id",
        ),
        sa.PrimaryKeyConstraint("planned_follow_up_id", "question_id", name="pk_follow_up_answer"),
    )
    op.create_index("ix_follow_up_answer_question", "follow_up_answer", ["question_id"])


# Kind of a bad answer, English and Chinese text, by question.
REPAIR = {
    "reception": ("reception", "Were you content with the reception?", "对接待是否满意？"),
    "quality": ("quality", "Was the fault repaired?", "维修质量是否满意，故障是否排除？"),
    "on_time": ("on_time", "Was the car ready on time?", "是否按时交车？"),
    "price_explained": ("price", "Was the price explained beforehand?", "是否事先说明费用？"),
    "car_clean": ("cleanliness", "Was the car handed back clean?", "交车时车辆是否清洁？"),
    "parts_explained": ("parts", "Were the parts replaced explained?", "是否说明更换的备件？"),
    "recommend": ("other", "Would you recommend us?", "是否愿意向他人推荐我们？"),
}
NEW_CAR = {
    "controls_explained": (
        "reception",
        "Were the controls explained at the hand-over?",
        "交车时是否讲解了车辆的使用？",
    ),
    "documents_complete": ("other", "Did you receive all documents?", "随车资料是否齐全？"),
    "car_flawless": ("quality", "Has the car been without faults so far?", "车辆使用至今是否正常？"),
    "consultant": ("attitude", "Are you content with the sales consultant?", "对销售顾问的服务是否满意？"),
    "new_car_recommend": ("other", "Would you recommend us?", "是否愿意向他人推荐我们？"),
}
LOST = {
    "lost_price": ("price", "Price", "价格"),
    "lost_distance": ("other", "Distance", "距离"),
    "lost_quality": ("quality", "Quality", "质量"),
    "lost_attitude": ("attitude", "Attitude", "服务态度"),
    "lost_sold": ("other", "Car sold", "车辆已出售"),
    "lost_other_shop": ("other", "Goes to another workshop", "在其他厂维修"),
    "lost_other": ("other", "Other", "其他"),
}
SAMPLING = {
    "call_made": (
        "other",
        "Were you called after your visit, as our records say?",
        "记录显示我们已对您进行过回访，是否属实？",
    ),
    "answers_right": ("other", "Were your answers passed on correctly?", "您当时反映的情况是否如实记录？"),
    "problem_settled": ("quality", "Is everything you told us settled?", "您反映的问题是否已经解决？"),
}
QUARTERLY = {
    "overall": ("other", "How content are you with us on the whole (1 to 10)?", "您对我们的总体满意度（1-10 分）？"),
    "people": ("attitude", "How content are you with our people (1 to 10)?", "您对我们人员服务的满意度（1-10 分）？"),
    "work": ("quality", "How content are you with our work (1 to 10)?", "您对维修或车辆质量的满意度（1-10 分）？"),
}
# Id, occasion, level, names, kind of question, questions.
FIRST_CONTENT = (
    ("repair_3dc", "repair_3dc", None, "After a repair (3DC)", "维修后回访（3DC）", "yes_no", REPAIR),
    ("new_car_7dc", "new_car_7dc", None, "New car (7DC)", "新车回访（7DC）", "yes_no", NEW_CAR),
    ("month", "month", None, "1 month after delivery", "提车一个月回访", "yes_no", NEW_CAR),
    ("year", "year", None, "1 year after delivery", "提车一年回访", "yes_no", NEW_CAR),
    ("lost", "lost", None, "Lost customer: reasons", "流失客户回访：流失原因", "reason", LOST),
    ("level_2", "", 2, "Sampling of the first calls (level 2)", "二级抽查回访", "yes_no", SAMPLING),
    ("level_3", "", 3, "Quarterly call (level 3)", "三级定期回访", "score_10", QUARTERLY),
)


def _first_content() -> None:
    questionnaire = sa.table(
        "questionnaire",
        *(sa.column(name) for name in ("id", "occasion", "level", "name", "name_zh", "is_active", "current_version")),
    )
    version = sa.table(
        "questionnaire_version",
        *(sa.column(name) for name in ("id", "questionnaire_id", "number", "reason", "created_by")),
        sa.column("questions", sa.JSON()),
        sa.column("created_at", UtcDateTime()),
    )
    now = datetime.now(UTC)
    for key, occasion, level, name, name_zh, kind, questions in FIRST_CONTENT:
        op.bulk_insert(
            questionnaire,
            [
                {
                    "id": key, "occasion": occasion, "level": level, "name": name, "name_zh": name_zh,
                    "is_active": True, "current_version": 1,
                }
            ],
        )  # fmt: skip
        op.bulk_insert(
            version,
            [
                {
                    "id": f"{key}_1", "questionnaire_id": key, "number": 1, "reason": "Delivered with the product",
                    "created_by": "system", "created_at": now,
                    "questions": [_question(question, kind, *texts) for question, texts in questions.items()],
                }
            ],
        )  # fmt: skip


def _question(question_id: str, kind: str, problem_kind: str, text: str, text_zh: str) -> dict[str, object]:
    return {
        "id": question_id, "kind": kind, "text": text, "text_zh": text_zh,
        "is_required": kind != "reason", "is_active": True,
        "good_answer": "yes" if kind == "yes_no" else None,
        "good_from": 8 if kind == "score_10" else None,
        "problem_kind": problem_kind,
    }  # fmt: skip


def downgrade() -> None:
    raise DowngradeRefused
