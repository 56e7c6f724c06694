"""Names of people. Family and given names are combined at random; any likeness is coincidental."""

from __future__ import annotations

_CHINESE = (
    "Lin Chen Zhou Xu He Song Deng Tang Feng Yu Pan Jiang",
    "Yue Ming Jia Hao Xin Wen Rui Qing Bo Lan Tao Yi Shan Ning",
)
_ENGLISH = (
    "Ashdown Bellamy Carrow Dunmore Ellery Fairlie Garland Holt Ivers Kemble",
    "Alice Ben Clara Daniel Esther Frank Grace Harry Isabel Jonah",
)

# Country: family names, given names. A tilde is a space inside a name.
NAMES = {
    "CN": _CHINESE,
    "HK": ("Chan Lau Wong Ho Kwok Leung", "Ka-yan Wai-lam Siu-fung Mei-ling Tsz-kit"),
    "TW": ("Chang Tsai Hsieh Liao Yeh", "Yi-chun Chih-wei Shu-fen Po-han Ya-ting"),
    "SG": _CHINESE,
    "JP": (
        "Asahina Hoshino Kuroda Mizuno Naruse Sakaki Tachibana",
        "Aoi Daichi Emi Haruto Kaede Ren Yui",
    ),
    "KR": ("Kang Yoon Seo Baek Nam Shim", "Ji-woo Min-jun Seo-yeon Ha-eun Do-hyun"),
    "US": _ENGLISH,
    "GB": _ENGLISH,
    "FR": ("Vasseur Carpentier Delmas Roussel Lefort", "Hugo Inès Margaux Théo Camille"),
    "IT": ("Bellandi Cortesi Marchetti Salviani Ferrero", "Giulia Luca Chiara Matteo Elena"),
    "DE": ("Brandt Keller Lorenz Vogt Ziegler", "Anna Jonas Katrin Lukas Miriam"),
    "CH": ("Aebischer Favre Graf Bonvin", "Lea Nico Sophie Reto"),
    "SE": ("Ekström Lindqvist Sandberg", "Astrid Nils Elin"),
    "NL": ("de~Wit Bakker Vermeer", "Pieter Femke Joris"),
    "GR": ("Nikolaou Dimitriou", "Eleni Kostas"),
    "BG": ("Dimitrova Petrov", "Rada Stoyan"),
    "AE": ("Al~Marri Haddad", "Layla Omar"),
}
FAMILY_FIRST = frozenset({"CN", "HK", "TW", "SG", "JP", "KR"})

# The time zone by country.
TIME_ZONES = {
    "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong",
    "TW": "Asia/Taipei",
    "SG": "Asia/Singapore",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "US": "America/New_York",
    "GB": "Europe/London",
    "FR": "Europe/Paris",
    "IT": "Europe/Rome",
    "DE": "Europe/Berlin",
    "CH": "Europe/Zurich",
    "SE": "Europe/Stockholm",
    "NL": "Europe/Amsterdam",
    "GR": "Europe/Athens",
    "BG": "Europe/Sofia",
    "AE": "Asia/Dubai",
}
