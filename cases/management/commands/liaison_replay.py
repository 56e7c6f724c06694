"""Send everything of a channel once more, from a number on: what the operators' button does, for a shell."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.liaison.models import Channel
from cases.services.channels import resending
from cases.services.refusals import Refusal
from members.models import User

PUSHED = (Channel.Kind.WEBHOOK, Channel.Kind.EMAIL)


class Command(BaseCommand):
    help = (
        "Sends a channel's updates once more, from a number on. The receiver knows each by its id."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("channel", type=int, help="The channel's number: see liaison_status.")
        parser.add_argument("--from", dest="from_seq", type=int, required=True, metavar="SEQ")
        parser.add_argument("--to", dest="to_seq", type=int, metavar="SEQ", help="The last number.")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="The admin who does it.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, then do it as the service does, which records who it was."""
        person = self._admin(options["by"])
        try:
            channel = Channel.objects.select_related("agency").get(pk=options["channel"])
        except Channel.DoesNotExist:
            raise CommandError(f"There is no channel {options['channel']}.") from None
        numbers = {"from_seq": options["from_seq"], "to_seq": options["to_seq"]}
        try:
            # Of any other kind nothing is asked: the service refuses it, in its own words.
            if channel.kind in PUSHED and not options["yes"]:
                self._ask(channel, resending.replayable(channel, **numbers))
            order = resending.replay(channel=channel, by=person, **numbers)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{order.done} updates are due again in “{channel}”.")
        if not order.finished_at:
            left = (order.total or 0) - order.done
            self.stdout.write(f"The workers go on with the other {left}: see the channel's page.")

    def _admin(self, email: str) -> User:
        person = User.objects.filter(email__iexact=email, is_active=True, is_staff=True).first()
        if person is None:
            raise CommandError(f"{email} is no admin who could be named as the one who did it.")
        return person

    def _ask(self, channel: Channel, count: int) -> None:
        try:
            answer = input(f"Send {count} updates in “{channel}” once more? [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was sent.")
