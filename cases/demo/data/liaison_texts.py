"""Texts of moderators and agencies, as pairs of English and Chinese. Placeholders: brand, goods, place."""

from __future__ import annotations

from cases.demo.data.filing_texts import Pair

REFERRALS: tuple[Pair, ...] = (
    ("Several shops share one payment account. Order data is available on request.",
     "多家店铺共用同一收款账户，可应要求提供订单数据。"),
    ("The parcels of the test purchases were posted at one depot. The waybills are in the case.",
     "购买样品均自同一网点寄出，运单已入卷。"),
    ("Sales in the last year are estimated at over CNY 4 million.", "近一年销售额估计逾 400万元。"),
    ("The goods are dangerous to buyers. Please treat this as urgent.", "商品危及消费者安全，请从速处理。"),
    ("The same people seem to be behind a shop that was closed last year.", "疑与去年关闭的店铺为同一团伙。"),
)  # fmt: skip
ACKNOWLEDGED: tuple[Pair, ...] = (
    ("Received. A case officer will reply within a week.", "已收悉，承办人将于一周内答复。"),
    ("Received. Please preserve the account data.", "已收悉，请保全账户数据。"),
    ("", ""),
)  # fmt: skip
ACCEPTED: tuple[Pair, ...] = (
    ("File opened. We will request the delivery data from the marketplace.", "已受理，将向电商平台调取物流数据。"),
    ("Accepted and merged with two leads of our own.", "已受理，并入本单位两条线索。"),
)  # fmt: skip
INVESTIGATING: tuple[Pair, ...] = (
    ("Premises identified. A raid is being prepared.", "已锁定场所，正在部署行动。"),
    ("Payments traced to two accounts of one holder.", "资金流向已查明：两个收款账户，同一户主。"),
)  # fmt: skip
CONCLUDED: tuple[Pair, ...] = (
    ("The file was transferred to the prosecutor.", "案件已移送检察机关审查起诉。"),
    ("Fine imposed, goods destroyed and licence revoked.", "已处罚款，销毁货物并吊销执照。"),
)  # fmt: skip
DECLINED: dict[str, tuple[Pair, ...]] = {
    "not-competent": (("The depot is outside our province.", "仓库不在本省。"),),
    "below-threshold": (
        ("Sales are below the threshold for prosecution.", "销售金额未达立案追诉标准。"),
    ),
    "seller-not-located": (("The address does not exist.", "所留地址不存在。"),),
    "known-already": (("Part of a file that was opened in March.", "属3月已立案件。"),),
    "evidence-not-usable": (("The purchase was not notarised.", "购买过程未经公证。"),),
}
WITHDRAWN: tuple[Pair, ...] = (
    ("Referred by mistake: the goods are in another port.", "误移交：货物在其他口岸。"),
    ("The counter-notice raises questions that we will check first.", "不侵权声明提出疑点，我方先行核查。"),
)  # fmt: skip

OPERATIONS: dict[str, tuple[Pair, ...]] = {
    "raid": (
        ("Workshop and warehouse at {place} closed. Moulds, labels and packed {brand} goods seized.",
         "查封{place}的作坊与仓库，查扣模具、标签及已包装的{brand}商品。"),
        ("Raided at dawn with the help of the marketplace’s delivery data. Machines for making the {goods} sealed.",
         "凌晨依据电商平台物流数据行动，封存{goods}生产设备。"),
        ("Three rooms in a residential building were used for packing. The accounts were found.",
         "居民楼内 3 间房用于打包，查获账本。"),
    ),
    "seizure": (
        ("A container declared as household goods held cartons of counterfeit {brand} goods.",
         "申报为日用品的集装箱内藏有成箱假冒{brand}商品。"),
        ("Small parcels of one sender, intercepted over nine days.", "9 天内拦截同一寄件人的小包裹。"),
    ),
    "detention": (
        ("The people behind the shops were detained at {place}.", "在{place}抓获店铺背后的经营者。"),
        ("The supplier of the labels was detained after the raid.", "现场查处后抓获标签供应商。"),
    ),
    "conviction": (
        ("Convicted at first instance and taken into custody.", "一审判决有罪，当庭收监。"),
    ),
}  # fmt: skip
RETRACTION = "Reported twice. The figures are those of the raid on the previous day."
