"""IP offices and the territories of their registrations."""

from __future__ import annotations

from members.territories import MEMBER_STATES

# An EUIPO registration is valid in all member states.
EUROPEAN_UNION = list(MEMBER_STATES)

# Office: territory, and format of its numbers. {n} is a running number in a range that is not in use.
OFFICES = {
    "CNIPA": (["CN"], "9900{n:05d}"),
    "EUIPO": (EUROPEAN_UNION, "0990{n:05d}"),
    "USPTO": (["US"], "99{n:05d}"),
    "JPO": (["JP"], "99{n:05d}"),
    "KIPO": (["KR"], "40-99{n:05d}"),
    "UKIPO": (["GB"], "UK0099{n:06d}"),
    "HKIPD": (["HK"], "399{n:06d}"),
    "TIPO": (["TW"], "099{n:05d}"),
    "IPOS": (["SG"], "4099{n:05d}X"),
    "IGE": (["CH"], "99{n:05d}"),
    "MOE-AE": (["AE"], "99{n:05d}"),
    "WIPO": (["CN", "JP", "KR", "US", "GB", "CH", "SG", *EUROPEAN_UNION], "99{n:05d}"),
    "NCAC": (["CN"], "国作登字-2099-F-{n:08d}"),
}
HOME_OFFICE = {
    "CN": "CNIPA", "HK": "HKIPD", "TW": "TIPO", "JP": "JPO", "KR": "KIPO", "US": "USPTO", "GB": "UKIPO",
    "SG": "IPOS", "CH": "IGE", "AE": "MOE-AE",
    "FR": "EUIPO", "IT": "EUIPO", "DE": "EUIPO", "SE": "EUIPO", "GR": "EUIPO", "BG": "EUIPO",
}  # fmt: skip
