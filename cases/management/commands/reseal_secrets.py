"""Seal the webhooks' secrets with the present SECRET_KEY, before the former leaves the fallbacks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alliance.lib import sealing
from cases.liaison.models import Channel
from cases.liaison.models.channel import SEALED_FOR


class Command(BaseCommand):
    help = "Seals the webhooks' secrets anew. Run it before a former SECRET_KEY is forgotten."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of them or none; may be run again."""
        count = 0
        for channel in Channel.objects.select_for_update(no_key=True).exclude(secret_sealed=""):
            try:
                _reseal(channel)
            except sealing.CannotOpen:
                raise CommandError(
                    f"The secret of channel {channel.pk} opens with no key that is set. "
                    "Nothing was changed: give back the key, or renew that secret in the admin."
                ) from None
            count += 1
        self.stdout.write(f"{count} channels resealed.")


def _reseal(channel: Channel) -> None:
    channel.secret_sealed = sealing.reseal(channel.secret_sealed, purpose=SEALED_FOR)
    if channel.previous_secret_sealed:
        former = sealing.reseal(channel.previous_secret_sealed, purpose=SEALED_FOR)
        channel.previous_secret_sealed = former
    channel.save(update_fields=["secret_sealed", "previous_secret_sealed"])
