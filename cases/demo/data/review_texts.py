"""Texts of moderators and sellers, as pairs of English and Chinese. Placeholders: brand, goods."""

from __future__ import annotations

from cases.demo.data.filing_texts import Pair

FACTS: dict[str, tuple[Pair, ...]] = {
    "counterfeit-evident": (
        ("The pictures show the trademark {brand} in a form that its owner does not use. The price is too low for a genuine {goods}. The seller gave no proof of origin.",
         "图片显示的{brand}标识与权利人实际使用的不符，价格亦不可能为正品{goods}。卖家未提供来源证明。"),
        ("Label, packaging and batch number differ from the genuine article as the member describes. We compared them with the samples on file.",
         "标签、包装与批号在成员所列各点上均与正品不同，已与备案样品比对。"),
        ("The listings say “1:1” and “original order”, which are common terms for copies.",
         "商品描述含“1:1”“原单”等仿品行话。"),
    ),
    "counterfeit-tested": (
        ("The test purchase from this shop was opened before a witness and found to be counterfeit.",
         "购买样品出自该店铺，经见证开箱鉴定为假冒。"),
        ("The laboratory report confirms that the article was not made by {brand}.",
         "检测报告确认该商品并非{brand}产品。"),
    ),
    "mark-used-without-consent": (
        ("The trademark {brand} is used without consent for goods in its registered class.",
         "卖家未经许可在核定商品上使用{brand}商标。"),
        ("The shop claims to be authorised, but is not on the member’s list of authorised sellers.",
         "店铺自称授权经销，但不在成员的授权卖家名单中。"),
    ),
    "work-copied": (("The pictures belong to the member; the watermark was removed.", "图片属于成员所有，水印被去除。"),),
    "design-copied": (
        ("The overall impression is the same as that of the registered design.", "整体视觉效果与注册外观设计相同。"),
    ),
    "patent-infringed": (
        ("The goods on offer have every feature of claim 1.", "所售商品覆盖权利要求1的全部技术特征。"),
    ),
    "advertising-misleading": (
        ("The named bodies confirm that they never granted the award and the seal.",
         "经相关机构确认，所示奖项与标志从未颁发。"),
    ),
    "evidence-insufficient": (
        ("The screenshot shows neither the trademark nor the label. The goods may be genuine.",
         "截图未显示商标或标签，依现有材料无法排除正品可能。"),
        ("The price alone does not prove a counterfeit.", "仅凭价格不能证明假冒。"),
    ),
    "right-does-not-cover-goods": (
        ("The cited registration does not cover a {goods}.", "所引注册未核定使用于{goods}。"),
    ),
    "right-not-valid-here": (
        ("The shop delivers only to places where the cited right is not registered.",
         "店铺仅向该权利未注册的地区发货。"),
    ),
    "wrong-kind-of-violation": (
        ("The goods bear no trademark. The picture is copied, so please file as copyright infringement.",
         "商品未使用商标，被复制的是图片，请以著作权侵权重新发起投诉。"),
    ),
    "genuine-goods": (
        ("The seller provided an invoice from {brand}’s own shop for these articles.",
         "卖家出示了{brand}直营店的购买发票。"),
    ),
    "descriptive-use": (
        ("“Fits {brand}” describes the purpose of the part. The seller’s own brand is clearly shown.",
         "“适用于{brand}”仅说明用途，卖家自有品牌标示清楚。"),
    ),
    "listing-gone": (
        ("The seller had removed all listings before the review.",
         "审核前卖家已自行下架全部商品链接。"),
    ),
    "contract-dispute": (
        ("The seller buys from an authorised distributor. The sales territory is a matter of their contract.",
         "卖家自授权经销商进货，销售区域问题应由双方自行解决。"),
    ),
}  # fmt: skip

REQUESTS: dict[str, tuple[Pair, ...]] = {
    "comparison-needed": (
        ("Please send a photo of the inner label next to that of a genuine {goods}.",
         "请提供内标与正品{goods}内标的并排照片。"),
        ("Which detail of the {goods} is wrong? Please mark it in a picture.", "请在图上标出该{goods}的可疑细节。"),
    ),
    "screenshot-unreadable": (
        ("The screenshot is cut off above the shop name.", "截图在店铺名称处被截断，请重新提供。"),
    ),
    "purchase-report-needed": (
        ("You mention a test purchase. Please add the report and the order number.",
         "您提到购买取证，请补充鉴定报告与订单号。"),
    ),
    "authorisation-needed": (
        ("The letter of authorisation on file ends this month; please send the new one.",
         "备案的授权书本月到期，请提供新的授权书。"),
    ),
    "explanation-unclear": (
        ("It is not clear which listings use the trademark and which only the pictures.",
         "请说明哪些链接使用了商标，哪些仅盗用图片。"),
    ),
}  # fmt: skip

COUNTER_NOTICES: tuple[Pair, ...] = (
    ("I bought these at a liquidation sale and have the receipt. Please reinstate my listings.",
     "这批货是清仓时购入的，有收据，请恢复链接。"),
    ("I make these goods myself. The name on them is my family name.", "商品为自产，所用名称系本人姓氏。"),
    ("The pictures came from my supplier. I did not know that they were protected.",
     "图片由供应商提供，不知有权利人。"),
    ("We have been an authorised dealer since 2021; contract attached.", "本店自2021年起为授权经销商，合同见附件。"),
)  # fmt: skip
COUNTER_NOTICE_REJECTED: tuple[Pair, ...] = (
    ("The receipt is for other goods, and the shop denies having issued it. The listings stay removed.",
     "收据所列商品不符，且出具方否认开具。维持下架。"),
    ("Not knowing the owner of the pictures does not replace a licence. The listings stay removed.", "不知权利归属不构成许可。维持下架。"),
    ("{brand} confirms that the contract ended two years ago. The listings stay removed.", "经{brand}确认，所示合同已于两年前终止。维持下架。"),
)  # fmt: skip
COUNTER_NOTICE_ACCEPTED: tuple[Pair, ...] = (
    ("{brand} confirms that the dealer’s contract is in force. The listings are reinstated.",
     "{brand}确认经销合同有效，恢复商品链接。"),
    ("The invoices cover every article on offer. The issuing shop has confirmed them.",
     "发票涵盖全部在售商品，并已向开票门店核实。"),
)  # fmt: skip
NOTES: tuple[Pair, ...] = (
    ("Same return address as a shop closed in spring.", "退货地址与春季关闭的店铺相同。"),
    ("Asked the marketplace for sales figures of the last 90 days.", "已向电商平台调取近 90 天销售数据。"),
    ("Borderline case. A colleague agrees that the hologram is decisive.", "属临界情形，同事亦认为防伪标足以判定。"),
    ("Third case against this seller this quarter.", "本季度针对该卖家的第 3 个案件。"),
)  # fmt: skip
