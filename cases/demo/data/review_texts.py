"""What moderators and sellers write. Pairs: English, Chinese. Slots: brand, goods."""

from __future__ import annotations

from cases.demo.data.filing_texts import Pair

FACTS: dict[str, tuple[Pair, ...]] = {
    "counterfeit-evident": (
        ("The pictures show the mark {brand} in a form that its owner does not use, at a price at which a genuine {goods} cannot be sold. The seller gave no proof of origin.",
         "图片显示的{brand}标识与权利人实际使用的不符，价格亦不可能为正品{goods}。卖家未提供来源证明。"),
        ("Label, packaging and batch number differ from the genuine article in the points that the member names; we compared them with the samples on file.",
         "标签、包装与批号在成员所列各点上均与正品不同，已与备案样品比对。"),
        ("The listings say “1:1” and “original order”, which the trade uses for copies.",
         "商品描述含“1:1”“原单”等仿品行话。"),
    ),
    "counterfeit-tested": (
        ("The test purchase came from this shop, was opened before a witness and found false.",
         "购买样品出自该店铺，经见证开箱鉴定为假冒。"),
        ("The laboratory’s report leaves no doubt: the article is not one of {brand}’s.",
         "检测报告确认该商品并非{brand}产品。"),
    ),
    "mark-used-without-consent": (
        ("The mark {brand} is used for goods of the class for which it is registered, without consent.",
         "卖家未经许可在核定商品上使用{brand}商标。"),
        ("The shop presents itself as authorised. The member’s list of authorised sellers does not have it.",
         "店铺自称授权经销，但不在成员的授权卖家名单中。"),
    ),
    "work-copied": (("The pictures are the member’s, watermark removed.", "图片属于成员所有，水印被去除。"),),
    "design-copied": (
        ("The overall impression is the same as that of the registered design.", "整体视觉效果与注册外观设计相同。"),
    ),
    "patent-infringed": (
        ("Every feature of claim 1 is found in the goods on offer.", "所售商品覆盖权利要求1的全部技术特征。"),
    ),
    "advertising-misleading": (
        ("The award and the seal shown were never granted, as the bodies named confirmed.",
         "经相关机构确认，所示奖项与标志从未颁发。"),
    ),
    "evidence-insufficient": (
        ("The screenshot shows neither the mark nor the label. From what we have, the goods may be genuine.",
         "截图未显示商标或标签，依现有材料无法排除正品可能。"),
        ("The price alone does not prove a counterfeit.", "仅凭价格不能证明假冒。"),
    ),
    "right-does-not-cover-goods": (
        ("The registration cited is for other goods than a {goods}.", "所引注册未核定使用于{goods}。"),
    ),
    "right-not-valid-here": (
        ("The shop delivers only to places where the right cited is not registered.",
         "店铺仅向该权利未注册的地区发货。"),
    ),
    "wrong-kind-of-violation": (
        ("The goods bear no mark. What is copied is the picture: please file it as copyright.",
         "商品未使用商标，被复制的是图片，请以著作权类型提交。"),
    ),
    "genuine-goods": (
        ("The seller showed an invoice of {brand}’s own shop for the articles on offer.",
         "卖家出示了{brand}直营店的购买发票。"),
    ),
    "descriptive-use": (
        ("“Fits {brand}” describes what the part is for; the seller’s own brand is plainly shown.",
         "“适用于{brand}”仅说明用途，卖家自有品牌标示清楚。"),
    ),
    "listing-gone": (
        ("All the listings had been taken down by the seller before we opened the case.",
         "我方受理前卖家已自行下架全部商品。"),
    ),
    "contract-dispute": (
        ("The seller buys from an authorised distributor. Where it may sell is a matter between them.",
         "卖家自授权经销商进货，销售区域问题应由双方自行解决。"),
    ),
}  # fmt: skip

REQUESTS: dict[str, tuple[Pair, ...]] = {
    "comparison-needed": (
        ("Please send a photo of the inner label beside that of a genuine {goods}.",
         "请提供内标与正品{goods}内标的并排照片。"),
        ("Which detail of the {goods} is wrong? A marked picture would do.", "请在图上标出该{goods}的可疑细节。"),
    ),
    "screenshot-unreadable": (
        ("The screenshot is cut off above the shop’s name.", "截图在店铺名称处被截断，请重新提供。"),
    ),
    "purchase-report-needed": (
        ("You mention a test purchase. Please add its report and the order number.",
         "您提到购买样品，请补充鉴定报告与订单号。"),
    ),
    "authorisation-needed": (
        ("The letter of authorisation on file ends this month; please send the new one.",
         "备案的授权书本月到期，请提供新的授权书。"),
    ),
    "explanation-unclear": (
        ("It is not clear which of the listings use the mark and which only the pictures.",
         "请说明哪些链接使用了商标，哪些仅盗用图片。"),
    ),
}  # fmt: skip

OBJECTIONS: tuple[Pair, ...] = (
    ("I bought these from a liquidation sale and have the receipt. Please give me my listings back.",
     "这批货是清仓时购入的，有收据，请恢复链接。"),
    ("The goods are my own make. The name on them is my family’s.", "商品为自产，所用名称系本人姓氏。"),
    ("The pictures came from my supplier. I did not know that they belong to anybody.",
     "图片由供应商提供，不知有权利人。"),
    ("We are an authorised dealer since 2021; contract attached.", "本店自二〇二一年起为授权经销商，合同见附件。"),
)  # fmt: skip
OBJECTION_REFUSED: tuple[Pair, ...] = (
    ("The receipt is for other goods, and its seller denies having issued it. The removal stands.",
     "收据所列商品不符，且出具方否认开具。维持下架。"),
    ("Not knowing whose the pictures are is no licence. The removal stands.", "不知权利归属不构成许可。维持下架。"),
    ("The contract shown ended two years ago, as {brand} confirms.", "经{brand}确认，所示合同已于两年前终止。"),
)  # fmt: skip
OBJECTION_ACCEPTED: tuple[Pair, ...] = (
    ("{brand} confirms that the dealer’s contract is in force. The listings go back.",
     "{brand}确认经销合同有效，恢复商品。"),
    ("The invoices cover every article on offer and were checked with the shop that issued them.",
     "发票涵盖全部在售商品，并已向开票门店核实。"),
)  # fmt: skip
NOTES: tuple[Pair, ...] = (
    ("Same return address as a shop that we closed in spring.", "退货地址与春季关闭的店铺相同。"),
    ("Asked the marketplace for sales figures of the last 90 days.", "已向平台调取近九十日销售数据。"),
    ("Borderline; a colleague agrees that the hologram settles it.", "属临界情形，同事亦认为防伪标足以判定。"),
    ("Third case against this seller this quarter.", "本季度针对该卖家的第三起案件。"),
)  # fmt: skip
