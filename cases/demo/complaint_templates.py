"""Complaint templates of the members whose filers can log in to the demo, and of a few others."""

from __future__ import annotations

from collections.abc import Sequence

from cases.demo.plans import CasePlan
from cases.permissions import may_file_for_member
from cases.services import complaint_templates

MEMBERS, EACH = 8, 3


def save(cases: Sequence[CasePlan]) -> None:
    """Save the complaints of some cases as templates, named by brand, violation and goods."""
    made: dict[int, int] = {}
    for plan in cases:
        case = plan.case
        if case is None or made.get(case.member_id, 0) >= EACH:
            continue
        if case.member_id not in made and len(made) >= MEMBERS:
            continue
        if not may_file_for_member(plan.filer, case):
            continue
        brand = plan.brand.name_local or plan.brand.name if plan.chinese else plan.brand.name
        goods = plan.good.zh if plan.chinese else plan.good.en
        number = made.get(case.member_id, 0) + 1
        name = f"{brand} · {goods} {number}"[:80]
        complaint_templates.save(case=case, by=plan.filer, name=name)
        made[case.member_id] = number
