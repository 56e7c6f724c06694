"""Gives the reasons for decisions their standard texts. Texts that an admin has written are not changed."""

from typing import Any

from django.db import migrations

from alliance.lib.migrations import LockTimeout

# By code: the text in English and in Chinese.
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


def fill(apps: Any, _editor: Any) -> None:
    reasons = apps.get_model("cases", "ReasonCode").objects
    for code, (facts, facts_zh) in TEXTS.items():
        reasons.filter(code=code, use__in=("uphold", "reject"), facts="", facts_zh="").update(
            facts=facts, facts_zh=facts_zh
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_standard_texts_of_reasons")]

    operations = [LockTimeout(), migrations.RunPython(fill, migrations.RunPython.noop)]
