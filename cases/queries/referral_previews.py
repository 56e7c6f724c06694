"""The preview of a referral: what the agency would receive and see."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any

from cases.liaison import due, outbox
from cases.liaison.disclosure import DisclosedCase, Recipient
from cases.liaison.models import Channel, Referral, Update
from cases.models import Case, CaseEvent
from cases.models.event import Audience, EventKind
from cases.queries.proposals import Proposal

# Replaces values that exist only after the referral is created: IDs, times, the reference and its URL.
PLACEHOLDER = "…"


class ReferralPreview:
    """A preview of ``referral``, which is not saved. ``proposal`` is the proposal that it follows, if any."""

    def __init__(self, case: Case, referral: Referral, proposal: Proposal | None) -> None:
        self.case, self.referral, self.proposal = case, referral, proposal
        self.agency = referral.agency
        self.shown = DisclosedCase(case, referral.agency)

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The first update that the agency would be sent, without IDs and times."""
        event = CaseEvent(
            case=self.case,
            kind=EventKind.REFERRAL_OFFERED,
            note=self.referral.note,
            actor_role=Audience.MODERATOR,
            at=self.referral.referred_at,
        )
        update = Update(referral=self.referral, sequence=1, kind=event.kind)
        to = Recipient.of(self.referral)
        made = outbox.payload(case=self.case, event=event, to=to, update=update)
        return without_identifiers(made)

    @cached_property
    def channels(self) -> list[Channel]:
        """The agency's active channels. Its officers can also see the referral in the portal."""
        return list(Channel.objects.filter(agency=self.agency, is_active=True).order_by("pk"))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything that the preview shows, to detect changes before the moderator confirms."""
        referral = self.referral
        allowed = [
            getattr(referral, name) - referral.referred_at for name, _done in due.FIELDS.values()
        ]
        parts = [
            self.case.pk,
            self.case.version,
            self.payload,
            sorted(self.agency.discloses),
            [(channel.kind, channel.name) for channel in self.channels],
            [str(time) for time in allowed],
            [self.proposal.rule.pk, self.proposal.reasons] if self.proposal else None,
        ]
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def json(self) -> str:
        """The payload as indented JSON."""
        return json.dumps(self.payload, ensure_ascii=False, indent=2)

    def leaked_names(self) -> list[str]:
        """Return names that the agency may not see but that occur in the note or the statements that it can see."""
        case, shown = self.case, self.shown
        words = []
        if shown.explanation is not None:
            words = [self.referral.note, shown.explanation]
        if link := shown.hidden_link:
            words += [link.advertised_in, link.how_to_order, link.what_arrives]
        hidden: list[str] = []
        if shown.member is None:
            hidden += [case.member.name, case.member.name_local, case.brand.name]
        if shown.right is None:
            hidden.append(case.right.number)
        if shown.seller is None and case.seller:
            hidden += [case.seller.name, case.seller.external_id]
        text = "\n".join(words).casefold()
        return [name for name in dict.fromkeys(hidden) if name and name.casefold() in text]


def without_identifiers(payload: dict[str, Any]) -> dict[str, Any]:
    """Return ``payload`` with IDs, times and the referral's reference replaced by :data:`PLACEHOLDER`."""
    referral = payload["referral"]
    return payload | {
        "id": PLACEHOLDER,
        "at": PLACEHOLDER,
        "referral": referral | {"reference": PLACEHOLDER, "acknowledge_by": PLACEHOLDER},
        "link": payload["link"].replace(referral["reference"], PLACEHOLDER),
    }
