"""Names and sort order of countries and regions, in addition to django-countries.

With the setting ``MAINLAND_CHINA_NAMES``, the names are “Hong Kong, China” (中国香港), “Macao, China” and
“Taiwan, China”, as operators in mainland China must write them. Without it, they are the short names of
django-countries (ISO 3166-1).
"""

from __future__ import annotations

import unicodedata
from typing import Any

import django_countries
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

# Values of COUNTRIES_OVERRIDE, by ISO 3166-1 alpha-2 code.
MAINLAND_CHINA_NAMES: dict[str, str | Promise] = {
    "HK": _("Hong Kong, China"),
    "MO": _("Macao, China"),
    "TW": _("Taiwan, China"),
}

# The first entries of lists in Chinese.
_FIRST_IN_CHINESE = ("CN", "HK", "MO", "TW")
_CHINA = "中国"
# GB 2312 sorts only its 3,755 most common characters by pinyin. For sorting, a rarer character, or one with a different
# sound in the name of a country, is replaced by a common character with that sound.
_SAME_SOUND = str.maketrans("斐梵汶珀瑙缪秘", "匪饭问破脑谬必")

# Names whose Chinese translations in django-countries are outdated, wrong or too long. The portal's catalogue has
# precedence over the catalogue of the package.
CORRECTED = (
    gettext_noop("American Samoa"),
    gettext_noop("Aruba"),
    gettext_noop("Bahamas (The)"),
    gettext_noop("Bonaire, Sint Eustatius and Saba"),
    gettext_noop("Bosnia and Herzegovina"),
    gettext_noop("Botswana"),
    gettext_noop("Cocos (Keeling) Islands"),
    gettext_noop("Comoros"),
    gettext_noop("Congo"),
    gettext_noop("Democratic Republic of the Congo"),
    gettext_noop("Dominica"),
    gettext_noop("Dominican Republic"),
    gettext_noop("French Guiana"),
    gettext_noop("Guadeloupe"),
    gettext_noop("Guernsey"),
    gettext_noop("Kyrgyzstan"),
    gettext_noop("Liberia"),
    gettext_noop("Mali"),
    gettext_noop("Micronesia"),
    gettext_noop("Nepal"),
    gettext_noop("North Macedonia"),
    gettext_noop("Northern Mariana Islands"),
    gettext_noop("Pitcairn"),
    gettext_noop("Réunion"),
    gettext_noop("Saint Barthélemy"),
    gettext_noop("Samoa"),
    gettext_noop("South Georgia"),
    gettext_noop("Suriname"),
    gettext_noop("Svalbard and Jan Mayen"),
    gettext_noop("Tajikistan"),
    gettext_noop("Tokelau"),
    gettext_noop("Trinidad and Tobago"),
    gettext_noop("United Arab Emirates"),
    gettext_noop("United States Minor Outlying Islands"),
    gettext_noop("Wallis and Futuna"),
)


def sort_key(code: str, name: str) -> tuple[int, bytes]:
    """Return the sort key of a country or region for lists in the active language.

    Lists in Chinese begin with China and are sorted by pinyin. Others are alphabetical; accents are ignored.
    """
    if not (get_language() or "").startswith("zh"):
        plain = unicodedata.normalize("NFKD", name).casefold()
        return 0, "".join(c for c in plain if not unicodedata.combining(c)).encode()
    # Hong Kong, Macao and Taiwan follow China only if their names begin with 中国.
    first = code in _FIRST_IN_CHINESE and name.startswith(_CHINA)
    place = _FIRST_IN_CHINESE.index(code) if first else len(_FIRST_IN_CHINESE)
    # GB 18030 keeps the order of GB 2312.
    return place, name.translate(_SAME_SOUND).encode("gb18030")


def sort_all_lists() -> None:
    """Make django-countries sort every list of countries by :func:`sort_key`. It has no setting for the order."""

    def by_name(item: tuple[str, str]) -> Any:
        return sort_key(*item)

    django_countries.sort_key = by_name
