"""What the API shows of a case."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, PlainSerializer, WithJsonSchema

from members.api.common import ListPage

CaseStatus = Literal[
    "draft",
    "submitted",
    "in_review",
    "information_requested",
    "upheld",
    "rejected",
    "removed",
    "counter_noticed",
    "reinstated",
    "closed",
    "withdrawn",
]
CaseOutcome = Literal["upheld", "rejected", "reinstated"]
ViolationType = Literal["counterfeit", "trademark", "copyright", "design", "patent", "advertising"]
Part = Literal["product", "packaging", "picture", "text", "name"]
ListingStatus = Literal["live", "removal_requested", "removed", "left_up"]
FileKind = Literal["screenshot", "test_purchase", "comparison", "document"]
IdentifierKind = Literal["phone", "email", "payment", "address", "licence", "social"]
Amount = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:f}", return_type=str),
    WithJsonSchema({"type": "string"}),
]


class ShopOut(Schema):
    """The seller of a case: a shop on a marketplace."""

    marketplace: str = Field(description="The short name of the marketplace.")
    shop: str = Field(description="The ID of the shop.")
    name: str = Field(description="The name of the shop; in a draft, the one that you entered.")
    url: str


class CaseSummary(Schema):
    """A case in a list."""

    reference: str
    status: CaseStatus
    outcome: CaseOutcome | None = Field(description="The decision in force.")
    brand_id: int
    right_id: int
    violation: ViolationType
    jurisdiction: str = Field(description="The place of infringement, ISO 3166-1.")
    seller: ShopOut | None = Field(description="Null in a draft without a seller.")
    created_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None = Field(description="When moderators decide at the latest.")
    answer_due_at: datetime | None = Field(
        description="When the member answers the moderators’ question at the latest."
    )
    decided_at: datetime | None
    updated_at: datetime


class CasePage(ListPage):
    """A page of cases."""

    items: list[CaseSummary]


class HiddenLinkOut(Schema):
    """What the complaint states about a listing that hides what is sold."""

    advertised_in: str
    how_to_order: str
    what_arrives: str


class IdentifierOut(Schema):
    """What the complaint states about the seller."""

    kind: IdentifierKind
    value: str = Field(description="In the form in which identifiers are compared.")


class ListingOut(Schema):
    """A listing of a case."""

    url: str
    variant: str = Field(description="The SKU or offer that the URL names.")
    marketplace: str
    title: str
    price: Amount | None
    currency: str
    units_sold: int | None
    seen_on: date | None
    status: ListingStatus
    still_up: str = Field(
        description="Why the listing is still up, or that it is not: a code such as awaits_moderator or left_up."
    )
    still_up_text: str = Field(description="The same as a sentence.")


class EvidenceOut(Schema):
    """A file of a case."""

    id: str
    name: str
    kind: FileKind
    content_type: str
    size: int = Field(description="In bytes.")
    sha256: str
    uploaded_at: datetime
    shows_url: str = Field(description="The URL that the file shows, as stated by the member.")
    captured_at: datetime | None = Field(description="When it was taken, as stated.")


class ReasonOut(Schema):
    """A reason from the alliance's list."""

    code: str
    label: str
    how_to_fix: str = Field(description="What to change before filing again.")


class DecisionOut(Schema):
    """The decision in force, with its statement of reasons."""

    outcome: CaseOutcome
    ground: str = Field(description="illegal_content, incompatible_content or empty.")
    facts: str
    reason: ReasonOut | None
    left_up_reason: ReasonOut | None = Field(
        description="Of an upheld case: why some listings are left up."
    )
    decided_at: datetime
    can_be_filed_again: bool
    filed_again_as: str | None = Field(description="The reference of the case that files it again.")


class QuestionOut(Schema):
    """What moderators ask the member."""

    asked_at: datetime
    reason: ReasonOut | None
    text: str


class CounterNoticeOut(Schema):
    """The open counter-notice of the seller."""

    statement: str
    answer_due_at: datetime | None = Field(description="The member's deadline.")
    answered_at: datetime | None
    due_at: datetime = Field(description="When moderators decide on it at the latest.")


class NextStepOut(Schema):
    """What happens next."""

    by: Literal["member", "moderators"] | None = Field(description="Null if nothing is needed.")
    text: str
    due_at: datetime | None


class CaseOut(CaseSummary):
    """A case with everything that the member sees of it."""

    explanation: str
    goods_class: int | None
    infringement_in: list[Part]
    hidden_link: HiddenLinkOut | None
    identifiers: list[IdentifierOut]
    listings: list[ListingOut]
    evidence: list[EvidenceOut]
    decision: DecisionOut | None
    question: QuestionOut | None = Field(description="While the case waits for the member.")
    counter_notice: CounterNoticeOut | None
    next_step: NextStepOut
    follows: str | None = Field(description="The earlier case that this one files again.")
    import_id: str | None = Field(description="The import that filed the case.")
    version: str = Field(
        description="Changes with the complaint and the listings. Send it in If-Match."
    )


class FileInEvent(Schema):
    """The file that an event is about."""

    name: str
    sha256: str


class EventOut(Schema):
    """An entry of the timeline."""

    at: datetime
    kind: str = Field(description="A code such as submitted, upheld or listings_removed.")
    title: str
    actor: str = Field(description="The name of a colleague, or the role of another person.")
    note: str
    reason: ReasonOut | None
    listings: int | None = Field(description="How many listings it is about.")
    file: FileInEvent | None


class EventPage(ListPage):
    """A page of a timeline."""

    items: list[EventOut]


class DraftProblem(Schema):
    """What is missing or wrong in a draft."""

    field: str = Field(description="The name of the field in a request; empty for the whole.")
    detail: str


class DraftNotice(Schema):
    """A listing of a draft that was filed before. What prevents the submission is also among the problems."""

    kind: Literal["filed_already", "decided_before", "other_member"]
    url: str = Field(description="Empty for other_member.")
    reference: str | None = Field(description="Your case that has or had the listing.")
    detail: str


class ProblemsOut(Schema):
    """What prevents the submission of a draft, and what to know before."""

    is_complete: bool = Field(description="Whether the draft can be submitted.")
    problems: list[DraftProblem]
    notices: list[DraftNotice]
