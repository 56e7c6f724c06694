"""Two teams of moderators with their macros, and how they work together on waiting cases."""

from __future__ import annotations

from cases.demo.world import World
from cases.models import Case, Macro, Tag, Team, TeamMember
from cases.services import teamwork, triage

# By team; the first is for everyone. Key, name, action, reason, text in English and in Chinese.
MACROS: dict[str, tuple[tuple[str, ...], ...]] = {
    "": (
        (
            *("E", "Counterfeit, evident from the listing", "uphold", "counterfeit-evident"),
            (
                "The {listings} of {seller} show goods under “{right}” that differ from genuine goods of {brand}: "
                "[[which differences]]."
            ),
            "{seller} 的 {listings} 展示的商品使用“{right}”，但与 {brand} 正品存在差异：[[具体差异]]。",
        ),
        (
            *("T", "Counterfeit, test purchase", "uphold", "counterfeit-tested"),
            "The test purchase from {seller} shows that the goods are counterfeit: [[finding and page of the report]].",
            "对 {seller} 的购买取证证明商品为假冒：[[鉴定结论及报告页码]]。",
        ),
        (
            *("G", "Grey-market goods", "reject", "grey-market-goods"),
            "The batch number [[batch number]] belongs to goods that {brand} first sold in [[market]].",
            "批号 [[批号]] 对应 {brand} 首次在[[市场]]售出的商品。",
        ),
    ),
    "Asia": (
        (
            *("S", "Ask for the whole page", "request_information", "screenshot-unreadable"),
            "The screenshots of {reference} do not show the price and the date. Please send the whole pages of the {listings}.",
            "{reference} 的截图未显示价格与日期，请提供 {listings} 的整页截图。",
        ),
        (
            *("L", "Seller has a licence", "reject", "licence-dispute"),
            "{seller} has sent a licence of [[date]] that names these goods.",
            "{seller} 提交了日期为[[日期]]、涵盖该商品的许可合同。",
        ),
    ),
    "Europe": (
        (
            *("C", "Ask for a comparison", "request_information", "comparison-needed"),
            "Please send photos of [[part]] beside the genuine article.",
            "",
        ),
    ),
}
TAGS = {"Repeat seller": Tag.Tone.DANGER, "Trade fair": Tag.Tone.INFO, "Press": Tag.Tone.WARNING}
NOTE = "The sender of both parcels is the same"


def load(world: World) -> None:
    """Create teams and macros, tag and link waiting cases, and let one moderator mention another."""
    first, second, *others = world.moderators
    for name, rows in MACROS.items():
        team = Team.objects.create(name=name) if name else None
        if team:
            people = (first, others[0], others[2]) if name == "Asia" else (second, others[1])
            TeamMember.objects.bulk_create(TeamMember(team=team, user=one) for one in people)
        for position, (key, label, action, reason, text, text_zh) in enumerate(rows, start=1):
            upholds = action == Macro.Action.UPHOLD
            Macro.objects.create(
                team=team,
                name=label,
                key=key,
                action=action,
                reason=world.reasons[reason],
                ground="illegal_content" if upholds else "",
                removes_all=upholds,
                text=text,
                text_zh=text_zh,
                position=position,
            )
    Tag.objects.bulk_create(Tag(name=name, tone=tone) for name, tone in TAGS.items())
    waiting = list(Case.objects.awaiting_triage().order_by("due_at", "pk")[:9])
    for case, name in zip(waiting, [*TAGS, *TAGS, *TAGS], strict=False):
        teamwork.add_tag(case=case, by=first, name=name)
    if len(waiting) > 1:
        one, other = waiting[:2]
        teamwork.link(case=one, by=second, other=other.reference, note=NOTE)
        teamwork.watch(case=one, by=first)
        triage.comment(case=one, by=second, note=f"@{first.name} {NOTE}: {other.reference}.")
