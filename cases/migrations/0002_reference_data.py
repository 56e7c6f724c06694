"""Reason codes and the marketplace of independent websites. Rows that exist already are left alone."""

from typing import Any, NamedTuple

from django.db import migrations


class Reason(NamedTuple):
    """A reason code; the last two say how to mend the matter and refile."""

    code: str
    label: str
    label_zh: str
    how_to_fix: str = ""
    how_to_fix_zh: str = ""


UPHOLD = (
    Reason("counterfeit-evident", "Counterfeit, evident from the offer", "从商品信息可判定为假冒"),
    Reason("counterfeit-tested", "Counterfeit, proved by a test purchase", "经购买鉴定为假冒"),
    Reason("mark-used-without-consent", "Mark used without consent", "未经许可使用商标"),
    Reason("work-copied", "Protected pictures or works copied", "复制受保护的图片或作品"),
    Reason("design-copied", "Registered design copied", "抄袭注册外观设计"),
    Reason("patent-infringed", "Patented solution used", "使用专利技术方案"),
    Reason("advertising-misleading", "Advertising misleads buyers", "广告误导消费者"),
)
REJECT = (
    Reason(
        "evidence-insufficient",
        "The evidence does not show an infringement",
        "证据不足以证明侵权",
        "Add a test-purchase report, or a photo that compares label, stitching or packaging with the "
        "genuine article, and file again.",
        "请补充购买鉴定报告，或与正品在标签、做工、包装上的对比照片，然后重新提交。",
    ),
    Reason(
        "right-does-not-cover-goods",
        "The right does not cover these goods",
        "权利不涵盖该类商品",
        "Cite a right registered for the class of the goods on offer, or register one first.",
        "请引用核定使用于该类商品的权利；如尚无此权利，请先注册。",
    ),
    Reason(
        "right-not-valid-here",
        "The right has no effect in this jurisdiction",
        "权利在该法域无效",
        "Cite a right whose territory includes the place where the goods are offered.",
        "请引用地域范围覆盖商品销售地的权利。",
    ),
    Reason(
        "wrong-kind-of-violation",
        "The facts are those of another violation",
        "事实属于其他类型的侵权",
        "File again under the violation that fits: copied pictures are copyright, a copied shape is a "
        "design, a false mark is counterfeit.",
        "请按相应类型重新提交：盗图属著作权，仿形属外观设计，假冒标识属假冒商品。",
    ),
    Reason(
        "no-answer",
        "The member did not answer the moderators’ question",
        "成员未在期限内答复审核员的问题",
        "File again with the answer to the question that is on the timeline of the case.",
        "请重新提交，并一并答复案件时间线中审核员提出的问题。",
    ),
    Reason(
        "genuine-goods",
        "The goods appear to be genuine resales",
        "商品疑为正品转售",
        "Resale of goods first sold with your consent is lawful. If these are not such goods, show why: "
        "batch number, altered condition, or a market they were never sold in.",
        "经您同意首次售出的商品可以合法转售。如非此类商品，请说明理由：批号、状态被改变，或从未在该市场销售。",
    ),
    Reason(
        "descriptive-use",
        "The mark is only used to describe",
        "仅为描述性使用商标",
        "Use such as “fits model X” is allowed. File again if the listing suggests that the goods are "
        "yours, and say which words or pictures do so.",
        "“适用于某型号”之类的使用是允许的。如商品信息使人误认为是您的产品，请指出具体文字或图片后重新提交。",
    ),
    Reason(
        "listing-gone",
        "The listings were gone before the review",
        "审核前商品已下架",
        "Nothing needs to be done. If they come back, file the new addresses as a new case.",
        "无需操作。若再次上架，请以新的链接另行提交。",
    ),
    Reason(
        "contract-dispute",
        "A matter of contract, not of infringement",
        "属合同纠纷而非侵权",
        "Prices, territories and distribution agreements are settled between you and the seller, or in "
        "court. File again only for goods that infringe a right.",
        "价格、区域与经销协议应由双方或法院解决。仅当商品侵犯权利时方可重新提交。",
    ),
)
REQUEST = (
    Reason(
        "comparison-needed",
        "A comparison with the genuine article",
        "需要与正品的对比",
        "Send photos of both articles side by side with the differences marked.",
        "请提供两件商品并排的照片，并标出差异。",
    ),
    Reason(
        "screenshot-unreadable",
        "A screenshot that can be read",
        "需要清晰的截图",
        "Send a screenshot of the whole page that shows address, shop, price and date.",
        "请提供显示网址、店铺、价格与日期的整页截图。",
    ),
    Reason(
        "purchase-report-needed",
        "The report of the test purchase",
        "需要购买鉴定报告",
        "Send the order number, the date, photos of the parcel and the findings.",
        "请提供订单号、日期、包裹照片与鉴定结论。",
    ),
    Reason(
        "authorisation-needed",
        "Proof that you act for the brand",
        "需要代理授权证明",
        "Send a letter of authorisation signed by the brand that covers today's date.",
        "请提供由品牌方签署、在有效期内的授权书。",
    ),
    Reason(
        "explanation-unclear",
        "A clearer explanation",
        "需要更清楚的说明",
        "Say for each listing what infringes the right: the mark, the picture, the shape or the claim.",
        "请逐条说明侵权之处：标识、图片、外形或宣传内容。",
    ),
)
DECLINE = (
    Reason(
        "not-competent",
        "Outside the agency's competence",
        "不属于本机关管辖",
        "Refer the case to the agency of the place where goods or seller are.",
        "请移送商品或卖家所在地的机关。",
    ),
    Reason(
        "below-threshold",
        "Below the threshold for prosecution",
        "未达追诉标准",
        "Add sales figures or linked shops that raise the value of the goods.",
        "请补充销售数额或关联店铺，以证明涉案金额。",
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
        "Already being investigated",
        "已在侦办之中",
        "Nothing needs to be done: what was sent joins the file.",
        "无需操作，所送材料并入原案。",
    ),
    Reason(
        "evidence-not-usable",
        "The evidence cannot be used in court",
        "证据不能用于诉讼",
        "Add a notarised test purchase or an expert's report.",
        "请补充经公证的购买或鉴定报告。",
    ),
)
REASONS = {"uphold": UPHOLD, "reject": REJECT, "request": REQUEST, "decline": DECLINE}

# Sites that many shops share, with the part of the address that names the shop (cases.marketplaces.shop_pages).
# An installation may change the list in the admin. Sources: the sites' own help pages.
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

# It has no hosts: it takes every address that no other marketplace knows.
WEB = {
    "slug": "web",
    "name": "Independent websites",
    "name_local": "独立网站",
    "shop_pages": [*SHARED_SITES],
    "shop_ids_are_case_sensitive": True,
}


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Write the rows that are missing."""
    reasons = apps.get_model("cases", "ReasonCode").objects
    for use, codes in REASONS.items():
        for position, reason in enumerate(codes, start=1):
            values = reason._asdict() | {"use": use, "position": position}
            reasons.get_or_create(code=reason.code, defaults=values)
    apps.get_model("cases", "Marketplace").objects.get_or_create(slug=WEB["slug"], defaults=WEB)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
