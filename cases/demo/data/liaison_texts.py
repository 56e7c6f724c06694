"""What passes between moderators and agencies. Pairs: English, Chinese. Slots: brand, goods, place."""

from __future__ import annotations

from cases.demo.data.filing_texts import Pair

REFERRALS: tuple[Pair, ...] = (
    ("Several shops share one payment account. We can hand over order data on request.",
     "多家店铺共用同一收款账户，可应要求提供订单数据。"),
    ("Parcels of the test purchase were posted from one depot; the waybills are in the file.",
     "购买样品均自同一网点寄出，运单已入卷。"),
    ("Sales of the last year are estimated at over four million yuan.", "近一年销售额估计逾四百万元。"),
    ("The goods endanger buyers. Please treat as urgent.", "商品危及消费者安全，请从速处理。"),
    ("The same people seem to be behind a shop that was closed last year.", "疑与去年关闭的店铺为同一团伙。"),
)  # fmt: skip
ACKNOWLEDGED: tuple[Pair, ...] = (
    ("Received; a case officer will answer within the week.", "已收悉，承办人将于一周内答复。"),
    ("Received. Please keep the account data.", "已收悉，请保全账户数据。"),
    ("", ""),
)  # fmt: skip
ACCEPTED: tuple[Pair, ...] = (
    ("Taken on file. We shall ask the marketplace for the delivery data.", "已立案，将向平台调取物流数据。"),
    ("Accepted; joined with two leads of our own.", "已受理，并入本单位两条线索。"),
)  # fmt: skip
INVESTIGATING: tuple[Pair, ...] = (
    ("Premises identified; a visit is being prepared.", "已锁定场所，正在部署行动。"),
    ("Following the money: two accounts, one holder.", "资金流向已查明：两个账户，同一户主。"),
)  # fmt: skip
CONCLUDED: tuple[Pair, ...] = (
    ("The file went to the prosecutor.", "案件已移送检察机关。"),
    ("Fined and goods destroyed; the licence was revoked.", "已处罚款，销毁货物并吊销执照。"),
)  # fmt: skip
DECLINED: dict[str, tuple[Pair, ...]] = {
    "not-competent": (("The depot lies outside our province.", "仓库不在本省。"),),
    "below-threshold": (("What was sold does not reach the threshold.", "销售金额未达追诉标准。"),),
    "seller-not-located": (("The address does not exist.", "所留地址不存在。"),),
    "known-already": (("Part of a file opened in March.", "属三月已立案件。"),),
    "evidence-not-usable": (("The purchase was not notarised.", "购买过程未经公证。"),),
}
WITHDRAWN: tuple[Pair, ...] = (
    ("Referred to you by mistake: the goods are in another port.", "误移送：货物在其他口岸。"),
    ("The counter-notice raises doubts; we look into it first.", "卖家异议存疑，我方先行核查。"),
)  # fmt: skip

OPERATIONS: dict[str, tuple[Pair, ...]] = {
    "raid": (
        ("Workshop and store at {place} closed; moulds, labels and packed {brand} goods taken away.",
         "查封{place}的作坊与仓库，收缴模具、标签及已包装的{brand}商品。"),
        ("Entered at dawn with the marketplace’s delivery data in hand. Machines for the {goods} sealed.",
         "凌晨依据平台物流数据行动，封存{goods}生产设备。"),
        ("Three rooms of a residential block used for packing; the ledger was found.",
         "居民楼内三间房用于打包，查获账本。"),
    ),
    "seizure": (
        ("A container declared as household goods held {brand} copies in cartons.",
         "申报为日用品的集装箱内藏有成箱仿冒{brand}商品。"),
        ("Small parcels of one sender, stopped on the belt over nine days.", "九日内在传送带上拦截同一寄件人的小包裹。"),
    ),
    "detention": (
        ("The people behind the shops were detained at {place}.", "在{place}抓获店铺背后的经营者。"),
        ("The supplier of the labels was detained after the raid.", "突击行动后抓获标签供应商。"),
    ),
    "conviction": (
        ("Convicted at first instance and taken into custody in the courtroom.", "一审判决有罪，当庭收监。"),
    ),
}  # fmt: skip
RETRACTION = "Reported twice: the figures are those of the raid of the day before."
