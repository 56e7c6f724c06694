"""``manage.py liaison_replay``: replay the updates of a channel, as an operator does on the channel's page."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.lib.refusals import Refusal
from cases.liaison.models import Channel
from cases.services.channels import resending
from members.models import User

PUSHED = (Channel.Kind.WEBHOOK, Channel.Kind.EMAIL)


class Command(BaseCommand):
    help = "Replay the updates of a channel, starting at a number. Receivers recognise repeated updates by ID."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("channel", type=int, help="ID of the channel, see liaison_status.")
        parser.add_argument(
            "--from",
            dest="from_seq",
            type=int,
            required=True,
            metavar="SEQ",
            help="Number of the first update.",
        )
        parser.add_argument(
            "--to", dest="to_seq", type=int, metavar="SEQ", help="Number of the last update."
        )
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="Admin to record as the actor."
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask for confirmation.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for confirmation, then replay with the service, which records the actor."""
        person = self._admin(options["by"])
        try:
            channel = (
                Channel.objects.of_agencies().select_related("agency").get(pk=options["channel"])
            )
        except Channel.DoesNotExist:
            raise CommandError(f"There is no channel {options['channel']}.") from None
        numbers = {"from_seq": options["from_seq"], "to_seq": options["to_seq"]}
        try:
            # The service rejects other kinds of channels.
            if channel.kind in PUSHED and not options["yes"]:
                self._ask(channel, resending.replayable(channel, **numbers))
            order = resending.replay(channel=channel, by=person, **numbers)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Updates queued again in “{channel}”: {order.done}.")
        if not order.finished_at:
            left = (order.total or 0) - order.done
            self.stdout.write(
                f"Updates that the workers will queue: {left}. See the channel's page."
            )

    def _admin(self, email: str) -> User:
        person = User.objects.filter(email__iexact=email, is_active=True, is_staff=True).first()
        if person is None:
            raise CommandError(f"{email} is not an active admin.")
        return person

    def _ask(self, channel: Channel, count: int) -> None:
        try:
            answer = input(f"Replay in “{channel}”. Updates to resend: {count}. Continue? [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was sent.")
