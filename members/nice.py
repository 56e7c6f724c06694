"""The 45 classes of the Nice Classification, with short headings written for the portal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HEADINGS = {
    1: gettext_lazy("Chemicals for industry and science"),
    2: gettext_lazy("Paints, varnishes and colourants"),
    3: gettext_lazy("Cosmetics, perfumes and cleaning products"),
    4: gettext_lazy("Oils, lubricants, fuels and candles"),
    5: gettext_lazy("Medicines, food supplements and hygiene products"),
    6: gettext_lazy("Metals and metal hardware"),
    7: gettext_lazy("Machines, motors and power tools"),
    8: gettext_lazy("Hand tools, cutlery and razors"),
    9: gettext_lazy("Electronics, software and eyewear"),
    10: gettext_lazy("Medical and surgical devices"),
    11: gettext_lazy("Lighting, heating, cooling and cooking appliances"),
    12: gettext_lazy("Vehicles and their parts"),
    13: gettext_lazy("Firearms, ammunition and fireworks"),
    14: gettext_lazy("Jewellery, watches and precious metals"),
    15: gettext_lazy("Musical instruments"),
    16: gettext_lazy("Paper, stationery and printed matter"),
    17: gettext_lazy("Rubber, half-finished plastics and insulation"),
    18: gettext_lazy("Leather goods, bags and luggage"),
    19: gettext_lazy("Building materials, not of metal"),
    20: gettext_lazy("Furniture, mirrors and frames"),
    21: gettext_lazy("Household utensils, glassware and porcelain"),
    22: gettext_lazy("Ropes, tents, sails and raw fibres"),
    23: gettext_lazy("Yarns and threads"),
    24: gettext_lazy("Textiles and household linen"),
    25: gettext_lazy("Clothing, footwear and headwear"),
    26: gettext_lazy("Buttons, ribbons, lace and haberdashery"),
    27: gettext_lazy("Carpets, mats and wall coverings"),
    28: gettext_lazy("Toys, games and sports articles"),
    29: gettext_lazy("Meat, fish, dairy and preserved foods"),
    30: gettext_lazy("Coffee, tea, bakery goods, sweets and spices"),
    31: gettext_lazy("Fresh produce, live plants and animal feed"),
    32: gettext_lazy("Beers, juices and soft drinks"),
    33: gettext_lazy("Wines and spirits"),
    34: gettext_lazy("Tobacco, vaping and smokers' articles"),
    35: gettext_lazy("Advertising, retail and business services"),
    36: gettext_lazy("Insurance, finance and real estate"),
    37: gettext_lazy("Construction, repair and installation"),
    38: gettext_lazy("Telecommunications"),
    39: gettext_lazy("Transport, storage and travel"),
    40: gettext_lazy("Processing of materials and custom manufacture"),
    41: gettext_lazy("Education, entertainment and sport"),
    42: gettext_lazy("Research, design and software services"),
    43: gettext_lazy("Restaurants and lodging"),
    44: gettext_lazy("Medical, beauty and agricultural services"),
    45: gettext_lazy("Legal, security and personal services"),
}


def label(number: int) -> str:
    """Return the label of a class in the active language, for example ``25 · Clothing, footwear and headwear``."""
    heading = HEADINGS.get(number)
    if heading is None:
        return str(number)
    return _("%(number)s · %(heading)s") % {"number": number, "heading": heading}
