"""The columns we understand, with the names dealer systems give them."""

from app.i18n import N_
from app.spreadsheets import Column

COLUMNS: tuple[Column, ...] = (
    Column("kind", N_("Kind of business"), ("业务类型", "类型", "单据类型", "kind")),
    Column(
        "order_number",
        N_("Order number"),
        ("单号", "工单号", "委托书号", "维修委托书号", "结算单号", "订单号", "销售订单号", "order_number"),
        is_required=True,
    ),
    Column(
        "customer_name",
        N_("Customer"),
        ("客户姓名", "客户名称", "车主姓名", "车主", "客户", "customer", "customer_name"),
        is_required=True,
    ),
    Column("customer_title", N_("Form of address"), ("称谓", "性别", "title")),
    Column(
        "phone",
        N_("Phone"),
        ("联系电话", "手机", "手机号", "手机号码", "电话", "车主电话", "phone"),
        is_required=True,
    ),
    Column("sent_in_by", N_("Brought in by"), ("送修人", "联系人", "送修人姓名", "sent_in_by")),
    Column("contact_phone", N_("Phone of who brought the car"), ("送修人电话", "联系人电话", "contact_phone")),
    Column("plate", N_("Plate"), ("车牌号", "车牌", "车牌号码", "牌照号码", "plate")),
    Column("vin", N_("VIN"), ("vin", "vin码", "vin号", "车架号", "底盘号"), is_required=True),
    Column("model", N_("Model"), ("车型", "车型名称", "车系", "model")),
    Column("mileage", N_("Mileage (km)"), ("行驶里程", "里程", "进厂里程", "mileage")),
    Column(
        "handed_over_at",
        N_("Handed over"),
        ("交车时间", "交车日期", "提车日期", "出厂时间", "出厂日期", "结算时间", "结算日期", "竣工时间", "handed_over"),
        is_required=True,
    ),
    Column("invoiced_on", N_("Sales invoice of"), ("开票日期", "发票日期", "销售发票日期", "invoiced_on")),
    Column("work_done", N_("Work done"), ("维修项目", "维修内容", "作业项目", "服务内容", "work_done")),
    Column("advisor", N_("Advisor"), ("服务顾问", "销售顾问", "顾问", "接待员", "advisor")),
    Column("amount", N_("Amount (yuan)"), ("金额", "结算金额", "应收金额", "车价", "amount")),
    Column("consent", N_("Agrees to be called"), ("同意回访", "是否同意回访", "接受回访", "是否回访", "consent")),
    Column("best_time", N_("Best time to call"), ("方便时间", "方便回访时间", "回访时间", "best_time")),
)
