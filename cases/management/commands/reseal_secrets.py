"""``manage.py reseal_secrets``: encrypt the webhooks' secrets with the current SECRET_KEY."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alliance.lib import sealing
from cases.liaison.models import Channel
from cases.liaison.models.channel import SEALED_FOR


class Command(BaseCommand):
    help = (
        "Encrypt the webhooks' secrets with the current SECRET_KEY. Run it before you remove a former key "
        "from SECRET_KEY_FALLBACKS."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Reseal all secrets or none. Idempotent."""
        count = 0
        for channel in Channel.objects.select_for_update(no_key=True).exclude(secret_sealed=""):
            try:
                _reseal(channel)
            except sealing.CannotOpen:
                raise CommandError(
                    f"No configured key decrypts the secret of channel {channel.pk}. Nothing was changed. "
                    "Restore the former key, or rotate the secret in the admin."
                ) from None
            count += 1
        self.stdout.write(f"Channels resealed: {count}.")


def _reseal(channel: Channel) -> None:
    channel.secret_sealed = sealing.reseal(channel.secret_sealed, purpose=SEALED_FOR)
    if channel.previous_secret_sealed:
        former = sealing.reseal(channel.previous_secret_sealed, purpose=SEALED_FOR)
        channel.previous_secret_sealed = former
    channel.save(update_fields=["secret_sealed", "previous_secret_sealed"])
