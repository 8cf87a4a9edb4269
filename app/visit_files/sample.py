"""A realistic export with invented people: what a dealer system would give for the last weeks.

Names are put together at random, phone numbers begin with 100 (never given to a subscriber), plates with 示 (no
province), VINs with the maker code ZZZ (never given to a maker) and carry a right check digit. Some rows are wrong on
purpose, as in real exports.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

HEADER = (
    "业务类型", "单号", "客户姓名", "称谓", "联系电话", "送修人", "送修人电话", "车牌号", "VIN", "车型", "行驶里程",
    "交车时间", "开票日期", "维修项目", "服务顾问", "金额", "同意回访", "方便时间",
)  # fmt: skip
SURNAMES = "安白柏卞岑常池褚丛戴邸丁窦范费冯甘葛耿官管桂海郝洪花霍纪简江解靳康柯匡蓝冷黎练柳龙娄卢路骆麻"
GIVEN = (
    "安柏诚初春丹冬帆枫歌谷光海禾衡虹华江锦景静君可岚乐黎霖鹿洛满茂梅蜜沐宁念鹏"
    "清晴秋然荣森山舒朔松溪晓心星雪言叶伊逸雨月云泽芷舟"
)
MODELS = (
    "启程 1.5T 舒适版", "启程 1.5T 豪华版", "远山 2.0T 四驱", "远山 混动版",
    "小满 纯电 400", "小满 纯电 500", "长风 MPV 七座",
)  # fmt: skip
AIR_CONDITIONING = "空调系统清洗"
WORK = (
    "更换机油机滤", "首次保养", "四万公里保养", "更换前刹车片", AIR_CONDITIONING, "更换空调滤芯", "四轮定位",
    "更换电瓶", "右前翼子板钣金喷漆", "事故车维修：前杠、大灯更换", "更换雨刮片",
    "变速箱油更换", "检查异响，紧固底盘螺栓", "软件升级", "更换轮胎两条",
)  # fmt: skip
ADVISORS = ("顾问甲", "顾问乙", "顾问丙", "顾问丁")
SELLERS = ("销售一组", "销售二组", "城东二级网点")
TIMES = ("上午", "下午", "晚上六点后", "中午", "工作日白天", "")
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
LETTER_VALUES = (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10))
VIN_VALUES = {str(n): n for n in range(10)} | dict(zip(VIN_LETTERS, LETTER_VALUES, strict=True))
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """An invented customer and car."""

    name: str
    title: str
    phone: str
    plate: str
    vin: str
    model: str


def sample_table(rows: int, today: date, seed: int = 7) -> list[tuple[str, ...]]:
    """Rows of an export, header first; the same for the same arguments.

    Arguments: rows, how many without the header; today, the day of the export; seed of the random choices.
    """
    chance = random.Random(seed)  # noqa: S311 - invented data needs no secrecy
    owners = [invented_owner(chance, number) for number in range(max(1, rows * 3 // 4))]
    table = [_row(chance, owners, number, today) for number in range(rows)]
    for fault, place in zip(FAULTS, range(11, rows, 37), strict=False):
        table[place] = fault(table[place], today)
    if rows > 60:
        table[60] = table[59]  # the same order twice
    return [HEADER, *table]


def sample_csv(table: list[tuple[str, ...]], encoding: str) -> bytes:
    """The table as CSV; `encoding` is utf-8-sig or gb18030, the two that dealer systems write."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode(encoding)


def invented_owner(chance: random.Random, number: int) -> Owner:
    """Somebody with the `number`th car; every number has a VIN of its own."""
    is_company = chance.random() < 0.06
    given = "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    trade = chance.choice(("商贸", "物流", "餐饮"))
    name = f"{given}{trade}有限公司" if is_company else chance.choice(SURNAMES) + given
    title = "公司" if is_company else chance.choice(("先生", "女士"))
    phone = f"100{chance.randrange(10**7):07d}{number % 10}"
    plate = "示" + chance.choice("ABCDEFGH") + "".join(chance.choices(PLATE_LETTERS, k=5))
    return Owner(name, title, phone, plate, _vin(chance, number), chance.choice(MODELS))


def _vin(chance: random.Random, number: int) -> str:
    body = "ZZZ" + "".join(chance.choices(VIN_LETTERS, k=5)) + "0" + "T" + "A" + f"{number:06d}"
    rest = sum(VIN_VALUES[letter] * weight for letter, weight in zip(body, VIN_WEIGHTS, strict=True)) % 11
    return body[:8] + ("X" if rest == 10 else str(rest)) + body[9:]


def _row(chance: random.Random, owners: list[Owner], number: int, today: date) -> tuple[str, ...]:
    owner = chance.choice(owners)
    if chance.random() < 0.2:
        return _delivery(chance, owner, number, today)
    hour = time(chance.randrange(9, 18), chance.choice((0, 15, 30, 45)))
    handed_over = datetime.combine(today - timedelta(days=chance.randrange(13)), hour)
    brought_by_other = chance.random() < 0.2
    other = invented_owner(chance, number)
    return (
        "维修", f"RO{handed_over:%y%m%d}{number:04d}", owner.name, owner.title, owner.phone,
        other.name if brought_by_other else owner.name, other.phone if brought_by_other else owner.phone,
        owner.plate, owner.vin, owner.model, str(chance.randrange(800, 120_000)), f"{handed_over:%Y-%m-%d %H:%M}", "",
        "、".join(chance.sample(WORK, chance.choice((1, 1, 2, 3)))), chance.choice(ADVISORS),
        f"{chance.randrange(120, 9000)}.00",
        chance.choices(("是", "否", ""), (88, 8, 4))[0], chance.choice(TIMES),
    )  # fmt: skip


def _delivery(chance: random.Random, owner: Owner, number: int, today: date) -> tuple[str, ...]:
    days = chance.choice((*range(4, 12), 28, 30, 31, 363, 365))
    handed_over = today - timedelta(days=days)
    invoiced = handed_over - timedelta(days=1)
    return (
        "交车", f"SO{handed_over:%y%m%d}{number:04d}", owner.name, owner.title, owner.phone, "", "",
        owner.plate, owner.vin, owner.model, "12", f"{handed_over:%Y-%m-%d} 15:00", f"{invoiced:%Y-%m-%d}", "",
        chance.choice(SELLERS), f"{chance.randrange(89, 290)}800.00",
        chance.choices(("是", ""), (9, 1))[0], chance.choice(TIMES),
    )  # fmt: skip


def _with(row: Row, column: str, text: str) -> Row:
    place = HEADER.index(column)
    return (*row[:place], text, *row[place + 1 :])


def _vin_too_short(row: Row, _: date) -> Row:
    return _with(row, "VIN", row[HEADER.index("VIN")][:15])


def _phone_missing(row: Row, _: date) -> Row:
    return _with(row, "联系电话", "")


def _phone_too_short(row: Row, _: date) -> Row:
    return _with(row, "联系电话", row[HEADER.index("联系电话")][:8])


def _handed_over_tomorrow(row: Row, today: date) -> Row:
    return _with(row, "交车时间", f"{today + timedelta(days=1):%Y-%m-%d}")


def _amount_in_words(row: Row, _: date) -> Row:
    return _with(_with(row, "金额", "面议"), "客户姓名", "")


def _unknown_kind(row: Row, _: date) -> Row:
    return _with(row, "业务类型", "其他")


FAULTS: tuple[Callable[[Row, date], Row], ...] = (
    _vin_too_short, _phone_missing, _handed_over_tomorrow, _phone_too_short, _amount_in_words, _unknown_kind,
)  # fmt: skip
