"""Codes of territories in capitals, and the European Union as its member states: other spellings block filing."""

from django.db import migrations

UNION = "EU"
MEMBER_STATES = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]


def normalise(apps, schema_editor):
    """Write out what was typed freely. Doing it again changes nothing."""
    rights = apps.get_model("members", "IPRight").objects
    for right in rights.only("pk", "territory").iterator(chunk_size=1000):
        codes = []
        for code in right.territory:
            code = code.strip().upper()
            codes += MEMBER_STATES if code == UNION else [code]
        codes = list(dict.fromkeys(codes))
        if codes != right.territory:
            rights.filter(pk=right.pk).update(territory=codes)


class Migration(migrations.Migration):
    dependencies = [("members", "0002_industries")]

    operations = [migrations.RunPython(normalise, migrations.RunPython.noop)]
