"""Stories of cases, which call the services. A story yields the times at which it continues."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from alliance.lib import clock
from cases.demo import screenshots
from cases.demo.data import filing_texts, review_texts
from cases.demo.data.filing_texts import Pair
from cases.demo.moments import Ending
from cases.demo.plans import CasePlan
from cases.demo.scheduler import Story
from cases.demo.world import World
from cases.marketplaces import addresses
from cases.models import Case, Decision, Evidence, Listing, ReasonCode, SellerIdentifier
from cases.services import counter_notices, decisions, evidence, filing, triage
from cases.services.hidden_links import Hidden
from cases.states import PARTS_FOR, ListingPart, Violation

UPHOLD_FOR = {
    Violation.COUNTERFEIT: ("counterfeit-evident", "counterfeit-evident", "counterfeit-tested"),
    Violation.TRADEMARK: ("mark-used-without-consent",),
    Violation.COPYRIGHT: ("work-copied",),
    Violation.DESIGN: ("design-copied",),
    Violation.PATENT: ("patent-infringed",),
    Violation.ADVERTISING: ("advertising-misleading",),
}
GROUNDS = (
    Decision.Ground.ILLEGAL_CONTENT,
    Decision.Ground.ILLEGAL_CONTENT,
    Decision.Ground.INCOMPATIBLE_CONTENT,
)
# The time from claiming a case to an internal note.
NOTE_AFTER = timedelta(seconds=95)
# Endings before a moderator claims the case.
NOT_CLAIMED = (Ending.SUBMITTED, Ending.OVERDUE)
CLOSED = frozenset({Ending.CLOSED, Ending.CLOSED_AFTER_REFUSAL, Ending.CLOSED_AFTER_REINSTATEMENT})
COUNTER_NOTICED = frozenset(
    {
        Ending.COUNTER_NOTICED,
        Ending.REINSTATED,
        Ending.UPHELD_AGAIN,
        Ending.CLOSED_AFTER_REFUSAL,
        Ending.CLOSED_AFTER_REINSTATEMENT,
    }
)


@dataclass
class CaseStory:
    """The story of one case from its draft to the ending of its plan."""

    world: World
    plan: CasePlan
    pictures: screenshots.Studio

    def run(self) -> Story:
        """Yield the times of the steps, and make each step at its time."""
        plan, when = self.plan, self.plan.when
        yield when.drafted
        plan.case = self._draft()
        if plan.ending == Ending.DRAFT:
            return
        if plan.ending == Ending.DISCARDED:
            yield when.withdrawn
            filing.withdraw(case=plan.case, by=plan.filer)
            return
        yield when.submitted
        filing.submit(case=plan.case, by=plan.filer, good_faith=True)
        if plan.ending in NOT_CLAIMED:
            return
        if plan.ending == Ending.WITHDRAWN:
            yield when.withdrawn
            note = self._text(filing_texts.WITHDRAWALS)
            filing.withdraw(case=plan.case, by=plan.filer, note=note)
            return
        yield from self._before_review()
        if plan.ending in (Ending.ANSWERED, Ending.INFORMATION_REQUESTED):
            return
        yield from self._review()

    def _before_review(self) -> Story:
        """Claim and release some cases, and request information for some."""
        plan, when = self.plan, self.plan.when
        if when.released:
            yield when.released
            other = self.world.rng.choice(self.world.moderators)
            case = triage.claim(case=plan.filed, by=other)
            triage.release(case=case, by=other)
        if when.asked:
            yield when.asked
            case = triage.claim(case=plan.filed, by=plan.moderator)
            reason = self._reason(review_texts.REQUESTS)
            note = self._text(review_texts.REQUESTS[reason.code])
            triage.request_information(case=case, by=plan.moderator, reason=reason, note=note)
        if when.answered and plan.ending != Ending.INFORMATION_REQUESTED:
            yield when.answered
            self._attach(Evidence.Kind.COMPARISON)
            answer = self._text(filing_texts.ANSWERS)
            filing.answer(case=plan.filed, by=plan.filer, note=answer)

    def _review(self) -> Story:
        plan, when = self.plan, self.plan.when
        yield when.claimed
        case = triage.claim(case=plan.filed, by=plan.moderator)
        if self.world.rng.random() < 0.3:
            for item in case.evidence.all():
                evidence.record_read(evidence=item, by=plan.moderator)
        if plan.ending in (Ending.IN_REVIEW, Ending.LAPSED):
            return
        if self.world.rng.random() < 0.12:
            yield when.claimed + NOTE_AFTER
            note = self._text(review_texts.NOTES)
            case = triage.comment(case=case, by=plan.moderator, note=note)
        yield when.decided
        if plan.ending == Ending.REJECTED:
            self._reject(case)
            return
        self._uphold(case)
        if plan.ending == Ending.UPHELD:
            return
        yield when.removed
        decisions.record_removal(case=case, by=plan.moderator)
        if plan.ending in COUNTER_NOTICED:
            yield from self._counter_notice()
        if plan.ending in CLOSED:
            yield when.closed
            decisions.close(case=case, by=plan.moderator)

    def _counter_notice(self) -> Story:
        plan, when = self.plan, self.plan.when
        yield when.counter_noticed
        case, by = plan.filed, plan.moderator
        statement = self._text(review_texts.COUNTER_NOTICES)
        decisions.record_counter_notice(case=case, by=by, statement=statement)
        if plan.ending == Ending.COUNTER_NOTICED:
            # In every other case the member has not answered yet.
            if plan.number % 2 and when.replied and when.replied < self.world.now:
                yield when.replied
                self._reply(filing_texts.COUNTER_NOTICE_DISPUTED)
            return
        rejected = plan.ending in (Ending.UPHELD_AGAIN, Ending.CLOSED_AFTER_REFUSAL)
        if when.replied:
            yield when.replied
            texts = (
                filing_texts.COUNTER_NOTICE_DISPUTED
                if rejected
                else filing_texts.COUNTER_NOTICE_CONCEDED
            )
            self._reply(texts)
        yield when.resolved
        other = self.world.rng.choice([m for m in self.world.moderators if m != by])
        if rejected:
            facts = self._text(review_texts.COUNTER_NOTICE_REJECTED)
            decisions.uphold_again(case=case, by=other, facts=facts)
        else:
            facts = self._text(review_texts.COUNTER_NOTICE_ACCEPTED)
            decisions.reinstate(case=case, by=other, facts=facts)

    def _reply(self, texts: Sequence[Pair]) -> None:
        """Answer the counter-notice, every third time with a file."""
        plan = self.plan
        if plan.number % 3 == 0:
            self._attach(Evidence.Kind.COMPARISON)
        counter_notices.answer(case=plan.filed, by=plan.filer, note=self._text(texts))

    def _draft(self) -> Case:
        plan = self.plan
        case = filing.start_draft(
            by=plan.filer,
            token=uuid.uuid4(),
            brand=plan.brand,
            right=plan.right,
            violation=plan.violation,
            jurisdiction=plan.jurisdiction,
            goods_class=plan.good.nice,
            infringement_in=self._parts(),
            explanation=self._explanation(),
            hidden=self._hidden(),
        )
        plan.case = case
        # A draft can stop after any step. Submitted cases are complete.
        last_step = plan.number % 3 if plan.ending == Ending.DRAFT else 2
        if last_step > 0:
            case = filing.set_listings(
                case=case,
                by=plan.filer,
                marketplace=plan.seller.marketplace,
                seller_id=plan.seller.external_id,
                seller_name=plan.seller.name,
                shop_url=plan.seller.shop_url,
                addresses=[self._address(n) for n in range(plan.listings)],
                identifiers=self._identifiers(),
            )
        if last_step > 1:
            self._attach(Evidence.Kind.SCREENSHOT)
            if self.world.rng.random() < 0.25:
                kinds = (Evidence.Kind.TEST_PURCHASE, Evidence.Kind.COMPARISON)
                self._attach(self.world.rng.choice(kinds))
        return case

    def _parts(self) -> list[ListingPart]:
        allowed = PARTS_FOR.get(Violation(self.plan.violation), tuple(ListingPart))
        others = allowed[1:]
        return [allowed[0], others[self.plan.number % len(others)]][: 1 + self.plan.number % 2]

    def _hidden(self) -> Hidden | None:
        """Return the statements about a hidden link, in every ninth case about counterfeits."""
        plan = self.plan
        if plan.violation != Violation.COUNTERFEIT or plan.number % 9:
            return None
        stated = (filing_texts.ADVERTISED, filing_texts.ORDERED, filing_texts.ARRIVED)
        return Hidden(*(pair[int(plan.chinese)].format(**plan.slots()) for pair in stated))

    def _identifiers(self) -> dict[str, list[str]]:
        """Return the return address of a parcel and an account, in every fifth case."""
        number = self.plan.number
        if number % 5:
            return {}
        return {
            SellerIdentifier.Kind.ADDRESS: [f"Room {number}, Block 3, Example Logistics Park"],
            SellerIdentifier.Kind.SOCIAL: [f"wechat: example{number}demo"],
        }

    def _address(self, position: int) -> addresses.Address:
        plan = self.plan
        number = 610_000_000_000 + plan.number * 1000 + position * 3
        if plan.market is None:
            line = f"https://{plan.seller.external_id}/products/{number}"
        else:
            line = f"https://{plan.market.host}{plan.market.path.format(n=number)}"
        return addresses.parse(line, self.world.marketplaces)

    def _attach(self, kind: Evidence.Kind) -> None:
        plan = self.plan
        upload = self.pictures.take(kind, plan)
        stated: dict[str, Any] = {}
        if kind == Evidence.Kind.SCREENSHOT:
            taken = clock.now() - timedelta(minutes=45)
            stated = {"shows_url": self._address(0).url, "captured_at": taken}
        item = evidence.add(case=plan.filed, by=plan.filer, upload=upload, kind=kind, **stated)
        self.pictures.stored.append(item.file)

    def _uphold(self, case: Case) -> None:
        plan, rng = self.plan, self.world.rng
        ids = list(case.listings.values_list("pk", flat=True))
        left_up = 0 if len(ids) < 4 or rng.random() < 0.7 else rng.randint(1, len(ids) // 3)
        outcomes: dict[int, str] = dict.fromkeys(ids, Listing.Outcome.REMOVE)
        outcomes |= dict.fromkeys(ids[:left_up], Listing.Outcome.LEAVE_UP)
        code = rng.choice(UPHOLD_FOR[Violation(plan.violation)])
        decisions.uphold(
            case=case,
            by=plan.moderator,
            reason=self.world.reasons[code],
            ground=rng.choice(GROUNDS),
            facts=self._text(review_texts.FACTS[code]),
            expected_version=case.version,
            outcomes=outcomes,
            left_up_reason=self.world.reasons["genuine-goods"] if left_up else None,
        )

    def _reject(self, case: Case) -> None:
        # Only reasons with texts: “no-answer” is for cases that the member did not answer.
        reasons = self.world.reasons.values()
        rejections = [
            reason.code
            for reason in reasons
            if reason.use == ReasonCode.Use.REJECT and reason.code in review_texts.FACTS
        ]
        reason = self._reason(rejections)
        decisions.reject(
            case=case,
            by=self.plan.moderator,
            reason=reason,
            facts=self._text(review_texts.FACTS[reason.code]),
            expected_version=case.version,
        )

    def _explanation(self) -> str:
        violation = self.plan.violation
        known = filing_texts.KNOWN
        parts = (
            filing_texts.OFFERED[violation],
            known.get(violation, known[""]),
            filing_texts.WISHES,
        )
        texts = [text for text in map(self._text, parts) if text]
        return ("" if self.plan.chinese else " ").join(texts)

    def _reason(self, codes: Iterable[str]) -> ReasonCode:
        return self.world.reasons[self.world.rng.choice(list(codes))]

    def _text(self, pairs: Sequence[Pair]) -> str:
        pair = self.world.rng.choice(pairs)
        return pair[1 if self.plan.chinese else 0].format(**self.plan.slots())
