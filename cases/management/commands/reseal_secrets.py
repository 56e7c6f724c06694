"""``manage.py reseal_secrets``: encrypt the secrets of webhooks and identity providers with the current SECRET_KEY."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alliance.lib import sealing
from cases.liaison.models import Channel
from cases.liaison.models.channel import SEALED_FOR
from members.models import SingleSignOn


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of webhooks and identity providers with the current SECRET_KEY. Run it before you remove a former key "
        "from SECRET_KEY_FALLBACKS."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Reseal all secrets or none. Idempotent."""
        count = 0
        channels = Channel.objects.select_for_update(no_key=True).exclude(secret_sealed="")
        for channel in channels.order_by("pk"):
            try:
                _reseal(channel)
            except sealing.CannotOpen:
                raise CommandError(
                    f"No configured key decrypts the secret of channel {channel.pk}. Nothing was changed. "
                    "Restore the former key, or rotate the secret in the admin."
                ) from None
            count += 1
        providers = 0
        for row in SingleSignOn.objects.select_for_update(no_key=True).exclude(secret_sealed=""):
            try:
                row.secret = row.secret
            except sealing.CannotOpen:
                raise CommandError(
                    f"No configured key decrypts the client secret of single sign-on {row.pk}. Nothing was changed. "
                    "Restore the former key, or enter the secret again in the admin."
                ) from None
            row.save(update_fields=["secret_sealed"])
            providers += 1
        self.stdout.write(f"Channels resealed: {count}.")
        self.stdout.write(f"Identity providers resealed: {providers}.")


def _reseal(channel: Channel) -> None:
    channel.secret_sealed = sealing.reseal(channel.secret_sealed, purpose=SEALED_FOR)
    if channel.previous_secret_sealed:
        former = sealing.reseal(channel.previous_secret_sealed, purpose=SEALED_FOR)
        channel.previous_secret_sealed = former
    channel.save(update_fields=["secret_sealed", "previous_secret_sealed"])
