"""The complaint that is the same for all cases of a sheet, as the options of its import."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cases.models import Case, Evidence, HiddenLink
from cases.queries import readiness
from cases.services.hidden_links import Hidden
from members.models import ImportJob, IPRight

_TEXTS = ("violation", "jurisdiction", "explanation")


def options(*, right: IPRight, evidence_kind: str, **complaint: Any) -> dict[str, Any]:
    """Return the options of an import. ``complaint`` are the values of the form, and ``evidence_kind`` of all files."""
    texts = {name: str(complaint[name]) for name in _TEXTS}
    return {
        **texts,
        "right": right.pk,
        "goods_class": complaint["goods_class"],
        "infringement_in": complaint["infringement_in"],
        "hidden": asdict(hidden) if (hidden := complaint.get("hidden")) else None,
        "evidence_kind": evidence_kind or Evidence.Kind.SCREENSHOT.value,
    }


def values(job: ImportJob) -> dict[str, Any]:
    """Return the keyword arguments of :func:`~cases.services.filing.start_draft` for the job's options."""
    rights = IPRight.objects.filter(member=job.member_id).select_related("brand__member")
    right = rights.get(pk=job.options["right"])
    texts = {name: job.options[name] for name in _TEXTS}
    return {
        **texts,
        "right": right,
        "brand": right.brand,
        "goods_class": job.options["goods_class"],
        "infringement_in": job.options["infringement_in"],
        "hidden": Hidden(**hidden) if (hidden := job.options["hidden"]) else None,
    }


def problem(complaint: dict[str, Any]) -> str:
    """Return what is wrong with a complaint whatever the seller, or "". ``complaint`` is that of :func:`values`."""
    right = complaint["right"]
    facts = {name: value for name, value in complaint.items() if name != "hidden"}
    case = Case(member=right.brand.member, **facts)
    if hidden := complaint.get("hidden"):
        case.hidden_link = HiddenLink(**asdict(hidden))
    case.right_is_citable = IPRight.objects.citable().filter(pk=right.pk).exists()  # type: ignore[attr-defined]
    return " ".join(map(str, readiness.complaint_problems(case)))
