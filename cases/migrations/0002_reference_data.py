"""Creates the reason codes and the marketplace for independent websites. Existing rows are not changed."""

from typing import Any, NamedTuple

from django.db import migrations


class Reason(NamedTuple):
    """A reason code. ``how_to_fix`` explains how to fix the case and file again, if ``can_refile``."""

    code: str
    label: str
    label_zh: str
    how_to_fix: str = ""
    how_to_fix_zh: str = ""
    can_refile: bool = True


UPHOLD = (
    Reason(
        "counterfeit-evident", "Counterfeit, evident from the listing", "从商品信息可判定为假冒"
    ),
    Reason("counterfeit-tested", "Counterfeit, proved by a test purchase", "经购买取证鉴定为假冒"),
    Reason("mark-used-without-consent", "Trademark used without consent", "未经许可使用商标"),
    Reason("work-copied", "Protected pictures or works copied", "复制受著作权保护的图片或作品"),
    Reason("design-copied", "Registered design copied", "仿冒注册外观设计"),
    Reason("patent-infringed", "Patented invention used", "使用专利技术方案"),
    Reason("advertising-misleading", "Advertising is misleading", "广告误导消费者"),
)
REJECT = (
    Reason(
        "evidence-insufficient",
        "The evidence does not show an infringement",
        "证据不足以证明侵权",
        "Add a test-purchase report, or a photo that compares label, stitching or packaging with the "
        "genuine article, and file again.",
        "请补充购买鉴定报告，或与正品在标签、做工、包装上的对比照片，然后重新发起投诉。",
    ),
    Reason(
        "right-does-not-cover-goods",
        "The right does not cover these goods",
        "权利不涵盖该类商品",
        "Cite a right that is registered for the class of these goods, or register one first.",
        "请引用核定使用于该类商品的权利；如尚无此权利，请先注册。",
    ),
    Reason(
        "right-not-valid-here",
        "The right is not valid in the place of infringement",
        "权利在侵权发生地无效",
        "Cite a right whose territory includes the place of infringement.",
        "请引用地域范围覆盖侵权发生地的权利。",
    ),
    Reason(
        "wrong-kind-of-violation",
        "The facts fit another violation type",
        "事实属于其他侵权类型",
        "File again with the violation type that fits: copyright for copied pictures, design for a copied "
        "shape, counterfeit goods for a false trademark.",
        "请按相应侵权类型重新发起投诉：盗用图片属著作权侵权，仿冒外形属外观设计侵权，假冒商标属假冒商品。",
    ),
    Reason(
        "no-answer",
        "The member did not answer the moderators’ question",
        "成员未在期限内回复审核员的问题",
        "File again and answer the question on the timeline of this case.",
        "请重新发起投诉，并回复案件动态中审核员提出的问题。",
    ),
    Reason(
        "genuine-goods",
        "The goods appear to be resold genuine goods",
        "商品疑为正品转售",
        "Goods that were first sold with your consent can be resold. If these are other goods, explain how "
        "you know: batch number, changed condition, or a market in which they were never sold.",
        "经您同意首次售出的商品可以合法转售。如非此类商品，请说明依据，如批号、商品状态已改变，或从未在该市场销售。",
    ),
    Reason(
        "descriptive-use",
        "The trademark is used descriptively",
        "仅为描述性使用商标",
        "Descriptions such as “fits model X” are allowed. If the listing suggests that the goods are yours, "
        "file again and quote the words or pictures.",
        "“适用于某型号”之类的使用是允许的。如商品信息使人误认为是您的产品，请指出具体文字或图片，重新发起投诉。",
    ),
    Reason(
        "listing-gone",
        "The listings were removed before the review",
        "审核前商品已下架",
        "No action is needed. If they reappear, file the new URLs as a new case.",
        "无需操作。如重新上架，请以新的商品链接另行发起投诉。",
        can_refile=False,
    ),
    Reason(
        "contract-dispute",
        "A contract dispute, not an infringement",
        "属合同纠纷而非侵权",
        "Settle disputes about prices, territories and distribution agreements with the seller or in court. "
        "File again only for goods that infringe a right.",
        "价格、区域与经销协议争议应由双方协商或通过法院解决。仅当商品侵犯权利时方可重新发起投诉。",
    ),
    Reason(
        "grey-market-goods",
        "Grey-market goods: genuine, but meant for another market",
        "平行进口商品：正品，但非供应本地市场",
        "Genuine goods from another market are not counterfeits. File again only if your right lets you "
        "oppose their import at the place of infringement, or if the goods were altered: explain which batch, "
        "warning, warranty or packaging differs, and attach photos.",
        "来自其他市场的正品不属于假冒商品。仅当您的权利在侵权发生地可禁止此类进口，或商品已被改动时，方可重新发起"
        "投诉：请说明批号、警示标识、质保或包装的差异，并附照片。",
    ),
    Reason(
        "licence-dispute",
        "A licence dispute: the seller states that it has a licence",
        "许可争议：卖家主张已获许可",
        "Settle with the licensee whether the licence covers these goods, this place and this time. If it "
        "does not, file again and attach the licence or its termination, and mark the clause on which you rely.",
        "请先与被许可人确认许可是否涵盖该商品、地域和期间。如不涵盖，请附上许可合同或解除通知并标明所依据的条款，"
        "重新发起投诉。",
    ),
)
REQUEST = (
    Reason(
        "comparison-needed",
        "Comparison with the genuine article needed",
        "需要与正品的对比",
        "Send photos of both articles side by side, with the differences marked.",
        "请提供两件商品并排的照片，并标出差异。",
    ),
    Reason(
        "screenshot-unreadable",
        "Legible screenshot needed",
        "需要清晰的截图",
        "Send a screenshot of the whole page that shows URL, shop, price and date.",
        "请提供显示网址、店铺、价格与日期的整页截图。",
    ),
    Reason(
        "purchase-report-needed",
        "Test-purchase report needed",
        "需要购买鉴定报告",
        "Send the order number, the date, photos of the parcel and the findings.",
        "请提供订单号、日期、包裹照片与鉴定结论。",
    ),
    Reason(
        "authorisation-needed",
        "Proof of authorisation needed",
        "需要代理授权证明",
        "Send a current letter of authorisation signed by the brand.",
        "请提供由品牌方签署、在有效期内的授权书。",
    ),
    Reason(
        "explanation-unclear",
        "Clearer explanation needed",
        "需要更清楚的侵权理由",
        "Explain for each listing what infringes the right: trademark, picture, shape or claim.",
        "请逐条说明侵权之处：商标、图片、外形或宣传内容。",
    ),
)
DECLINE = (
    Reason(
        "not-competent",
        "Outside the agency's competence",
        "不属于本机关管辖",
        "Refer the case to the agency at the location of the goods or the seller.",
        "请移交商品或卖家所在地的执法机关。",
    ),
    Reason(
        "below-threshold",
        "Below the threshold for prosecution",
        "未达立案追诉标准",
        "Add sales figures or linked shops that increase the value of the goods.",
        "请补充销售金额或关联店铺，以证明涉案金额。",
    ),
    Reason(
        "seller-not-located",
        "The seller cannot be located",
        "无法查明卖家所在",
        "Add a return address, a payment account or a telephone number.",
        "请补充退货地址、收款账户或电话号码。",
    ),
    Reason(
        "known-already",
        "Already under investigation",
        "已另案立案",
        "No action is needed. The material is added to the existing file.",
        "无需操作，所移交材料并入原案。",
    ),
    Reason(
        "evidence-not-usable",
        "The evidence is not admissible in court",
        "证据不能作为诉讼证据",
        "Add a notarised test purchase or an expert report.",
        "请补充公证购买或鉴定报告。",
    ),
)
# By code: the standard text of a decision in English and in Chinese.
TEXTS = {
    "counterfeit-evident": (
        (
            "The listings offer goods under the brand’s trademark. Pictures, description and price in the listings "
            "show that the goods are not genuine."
        ),
        "涉案商品信息以该品牌的商标销售商品。其图片、描述和价格表明所售商品并非正品。",
    ),
    "counterfeit-tested": (
        (
            "An article was bought from this seller and examined. The report in the evidence concludes that it is "
            "counterfeit. The listings offer the same goods."
        ),
        "已从该卖家处购买商品并进行鉴定。证据中的鉴定结论认定其为假冒商品，涉案商品信息销售的是同一商品。",
    ),
    "mark-used-without-consent": (
        (
            "The listings use the trademark for goods in the classes for which it is registered. The owner of the "
            "right has not consented to this use."
        ),
        "涉案商品信息在核定使用的商品类别上使用了该商标，且未经权利人许可。",
    ),
    "work-copied": (
        (
            "The listings show pictures or works in which the member holds the copyright. The evidence shows the "
            "original. The owner of the right has not consented to this use."
        ),
        "涉案商品信息使用了成员享有著作权的图片或作品，证据中载有原件，且该使用未经权利人许可。",
    ),
    "design-copied": (
        (
            "The overall impression of the goods in the listings does not differ from that of the registered design. "
            "The owner of the right has not consented to their sale."
        ),
        "涉案商品的整体视觉效果与注册外观设计无实质性差异，且其销售未经权利人许可。",
    ),
    "patent-infringed": (
        (
            "According to the evidence, the goods in the listings use the technical solution that the patent claims. "
            "The owner of the right has not consented to their sale."
        ),
        "根据证据，涉案商品使用了专利权利要求所保护的技术方案，且其销售未经权利人许可。",
    ),
    "advertising-misleading": (
        "The listings make claims about the goods or their origin that the evidence shows to be untrue.",
        "涉案商品信息对商品或其来源作出的宣传，经证据证明与事实不符。",
    ),
    "evidence-insufficient": (
        (
            "The explanation and the files were reviewed. They do not show that the goods in the listings infringe "
            "the right."
        ),
        "已审核侵权理由和所附文件，现有材料不足以证明涉案商品侵犯该权利。",
    ),
    "right-does-not-cover-goods": (
        "The goods in the listings are not among the goods for which the right is registered.",
        "涉案商品不属于该权利核定使用的商品范围。",
    ),
    "right-not-valid-here": (
        "The right is not in force in the place of infringement that the case names.",
        "该权利在案件所列的侵权发生地不具有效力。",
    ),
    "wrong-kind-of-violation": (
        "The explanation and the files describe facts of another violation type than the one of the case.",
        "侵权理由和所附文件反映的事实与案件所选的侵权类型不符。",
    ),
    "no-answer": (
        "The moderators requested information. The member did not answer by the deadline.",
        "审核员已要求补充材料，成员未在期限内回复。",
    ),
    "genuine-goods": (
        "The listings appear to resell genuine goods. The files do not show a difference from the genuine article.",
        "涉案商品信息疑为正品转售，所附文件未能证明其与正品存在差异。",
    ),
    "descriptive-use": (
        (
            "The listings mention the trademark only to describe what the goods are for, and do not suggest that "
            "they come from the brand."
        ),
        "涉案商品信息仅为说明商品用途而提及该商标，不会使人误认为商品来自该品牌。",
    ),
    "listing-gone": (
        "The URLs of the listings no longer showed the goods at the time of the review.",
        "审核时，涉案商品链接已不再展示该商品。",
    ),
    "contract-dispute": (
        (
            "The complaint concerns the terms of an agreement between the brand and the seller. An infringement of "
            "the right is not described."
        ),
        "该投诉涉及品牌方与卖家之间协议的履行，未反映侵犯该权利的事实。",
    ),
}

REASONS = {"uphold": UPHOLD, "reject": REJECT, "request": REQUEST, "decline": DECLINE}

# Sites that many shops share, with the part of the URL that identifies the shop (cases.marketplaces.shop_pages).
# The list can be changed in the admin. Sources: the sites' own help pages.
SHARED_SITES = (
    "facebook.com/{name}",
    "facebook.com/profile.php?id={code}",
    "facebook.com/profile.php",
    "facebook.com/people/{name}/{code}",
    "facebook.com/groups/{name}",
    "facebook.com/marketplace",
    "facebook.com/photo",
    "facebook.com/photo.php",
    "facebook.com/permalink.php?id={code}",
    "facebook.com/story.php?id={code}",
    "facebook.com/share",
    "facebook.com/sharer",
    "facebook.com/watch",
    "facebook.com/reel",
    "instagram.com/{name}",
    "instagram.com/p",
    "instagram.com/reel",
    "instagram.com/reels",
    "instagram.com/tv",
    "instagram.com/stories/{name}",
    "instagram.com/explore",
    "threads.net/{name}",
    "threads.com/{name}",
    "x.com/{name}",
    "twitter.com/{name}",
    "pinterest.com/{name}",
    "pinterest.com/pin",
    "vk.com/{name}",
    "ok.ru/{name}",
    "ok.ru/group/{code}",
    "t.me/{name}",
    "t.me/s/{name}",
    "telegram.me/{name}",
    "wa.me/{name}",
    "wa.me/c/{name}",
    "line.me/R/ti/p/{name}",
    "weibo.com/{name}",
    "weibo.com/u/{name}",
    "youtube.com/{name}",
    "youtube.com/c/{name}",
    "youtube.com/channel/{code}",
    "youtube.com/user/{name}",
    "youtube.com/watch",
    "youtube.com/shorts",
    "linktr.ee/{name}",
    "beacons.ai/{name}",
    "bio.link/{name}",
    "patreon.com/{name}",
    "ko-fi.com/{name}",
    "flickr.com/photos/{name}",
    "yupoo.com/photos/{name}",
    "{name}.x.yupoo.com",
    "sites.google.com/view/{name}",
    "sites.google.com/site/{name}",
    "{name}.wixsite.com/{name}",
)

# It has no hosts: it owns the URLs that belong to no other marketplace.
WEB = {
    "slug": "web",
    "name": "Independent websites",
    "name_local": "独立网站",
    "shop_pages": [*SHARED_SITES],
    "shop_ids_are_case_sensitive": True,
}


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Create missing rows."""
    reasons = apps.get_model("cases", "ReasonCode").objects
    for use, codes in REASONS.items():
        for position, reason in enumerate(codes, start=1):
            facts, facts_zh = TEXTS.get(reason.code, ("", ""))
            values = reason._asdict() | {"use": use, "position": position}
            values |= {"facts": facts, "facts_zh": facts_zh}
            reasons.get_or_create(code=reason.code, defaults=values)
    apps.get_model("cases", "Marketplace").objects.get_or_create(slug=WEB["slug"], defaults=WEB)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
