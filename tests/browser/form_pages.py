"""Pages that only a form shows: errors, confirmations, secrets and refusals."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from cases.liaison.models import Referral
from cases.models import Case
from cases.services import referral as referrals
from tests import factories
from tests.browser.visits import FormVisit, Visit, address
from tests.cases.filing.forms import complaint
from tests.personas import Personas

PASSWORD = "password"
RIGHT = {
    "brand": "new",
    "new_brand": "ALDER KIDS",
    "kind": "design",
    "title": "Sole of a shoe",
    "registered_owner": "Alder Works Ltd",
    "office": "EUIPO",
    "number": "008-1",
    "territory": "EU",
    "registered_on": "2020-02-02",
}
CHANNEL = {
    "name": "Case system",
    "kind": "webhook",
    "url": "https://liaison.example/in",
    "is_active": "on",
    "alert_backlog": 1000,
    "alert_after_minutes": 15,
}


def post(persona: str, page: str | tuple[Any, ...], status: int = 422, **data: Any) -> FormVisit:
    """Return the visit that posts ``data`` to a page, given by name or by name and arguments."""
    about = ", ".join(data) or "nothing"
    return FormVisit(persona, address(page), data=data, status=status, about=about)


def desk(cast: Personas, cases: dict[str, Case]) -> list[Visit]:
    """Return the filing steps with errors, and submissions that came too late."""
    draft = cases["draft"].reference
    late = complaint(cast.right, explanation="Typed for an hour.")
    lost = cases["closed"].evidence.get()
    lost.file.storage.delete(str(lost.file.name))
    bad = {"urls": "one\r\nhttps://two.example/2\r\nthree", "then": "next"}
    return [
        post("filer", "desk:new", then="next"),
        post("filer", ("desk:complaint", draft), explanation="x" * 5001, then="next"),
        post("filer", ("desk:listings", draft), **bad),
        post("filer", ("desk:listings", draft), urls="a.example/1\r\nb.example/1", then="next"),
        post("filer", ("desk:template_save", draft)),
        post("filer", ("desk:evidence", draft)),
        post("filer", ("desk:check", draft)),
        post("filer", ("desk:complaint", cases["submitted"].reference), 409, **late),
        Visit("filer", address(("desk:evidence_file", lost.pk))),
        post("filer", ("desk:answer", cases["information_requested"].reference)),
        post("filer", ("desk:reopen", cases["rejected"].reference)),
        post("viewer", "desk:new", 403),
    ]


def triage(cast: Personas, cases: dict[str, Case], operation: str) -> list[Visit]:
    """Return a moderator's forms with errors, and the preview of a referral."""
    claimed, upheld = cases["in_review"], cases["upheld"].reference
    reason = factories.reason().pk
    facts = {"reason": reason, "ground": "illegal_content", "facts": "A forged label."}
    little = factories.agency(name="Coast Guard", discloses=["member", "note"])
    words = f"{cases['upheld'].seller.name} again."  # type: ignore[union-attr]
    refer = ("triage:refer", upheld)
    factories.referral_rule(cast.other_agency)
    answered = factories.counter_noticed_case(moderator=cast.moderator, answered=True)
    return [
        post("moderator", ("triage:uphold", claimed.reference)),
        post("moderator", ("triage:uphold", claimed.reference), 409, **facts, expected_version=0),
        post("moderator", ("triage:reject", claimed.reference)),
        post("moderator", ("triage:request_information", claimed.reference)),
        post("moderator", ("triage:comment", claimed.reference)),
        post("moderator", ("triage:uphold", upheld), 409, **facts, expected_version=0),
        post("moderator", ("triage:counter_notice", cases["removed"].reference)),
        post("moderator", ("triage:reinstate", cases["counter_noticed"].reference)),
        post("second_moderator", ("triage:uphold_again", answered.reference)),
        post("moderator", refer),
        post("moderator", refer, 200, agency=cast.other_agency.pk, note="One warehouse."),
        post("moderator", refer, 200, agency=little.pk, note=words),
        post("moderator", refer, 409, agency=cast.other_agency.pk, seen="0" * 64),
        post("moderator", ("triage:withdraw_referral", upheld)),
        post("moderator", ("triage:retract", operation)),
        post("second_moderator", ("triage:claim", claimed.reference), 409),
    ]


def rights(slug: str, waiting: int) -> list[Visit]:
    """Return the forms of rights with errors, and a change that came too late."""
    return [
        post("owner", ("rights:register", slug), title="x" * 300, nice_classes="46"),
        post("owner", ("rights:change", slug, waiting), 409, **RIGHT, seen="0"),
        post("moderator", ("triage:right_return", waiting)),
        post("moderator", ("triage:right_verify", waiting), 409, seen="0"),
    ]


def liaison(cast: Personas, offered: Referral) -> list[Visit]:
    """Return an officer's forms with errors, and an answer to a withdrawn referral."""
    gone = factories.referred_case(cast.agency, moderator=cast.moderator)
    referrals.withdraw(referral=gone, by=cast.moderator, note="Referred by mistake.")
    accepted = factories.accepted_referral(cast.agency, officer=cast.officer)
    report = {
        "token": uuid.uuid4(),
        "referrals": accepted.pk,
        "kind": "raid",
        "held_on": "2026-01-15",
        "country": "CN",
        "place": "Yiwu",
        "premises_closed": "2",
        "arrests": "5",
        "items_seized": "3万",
        "value_cny": "125万",
        "value_basis": "genuine_retail",
    }
    return [
        post("officer", ("liaison:answer", offered.reference, "decline"), note="Not ours."),
        post("officer", ("liaison:answer", offered.reference, "conclude"), 409, note="Too early."),
        post("officer", "liaison:report", kind="raid", arrests="-1"),
        post("officer", "liaison:report", 200, **report),
        post("officer", ("liaison:answer", gone.reference, "accept"), 404, note="We take it."),
    ]


def directory(cast: Personas) -> list[Visit]:
    """Return the preview of a directory entry, errors and a conflict."""
    page = ("members:edit", cast.member.slug)
    facts = {
        "description": "We weave.",
        "description_zh": "我们织布。",
        "consumer_phone": "+86 571",
    }
    return [
        post("owner", page, 200, **facts),
        post("owner", page, 200, step="change", website="javascript:alert(1)"),
        post("owner", page, website="javascript:alert(1)", consumer_phone="call us"),
        post("owner", page, 409, step="publish", seen="another", description="Other words."),
    ]


def account(cast: Personas) -> list[Visit]:
    """Return account forms with errors, and pages that need the password again."""
    TOTP.activate(cast.owner, generate_totp_secret())
    RecoveryCodes.activate(cast.owner)
    again = {"password": PASSWORD, "next": reverse("mfa_index")}
    behind = ("mfa_activate_totp", "mfa_add_webauthn")
    codes = ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp")
    wrong = {"oldpassword": "x", "password1": "a", "password2": "b"}
    return [
        post("filer", "account_change_password", 200, **wrong),
        post("filer", "account_reauthenticate", 200, password="x"),
        post("filer", "account_reauthenticate", 200, **again),
        *(Visit("filer", reverse(page)) for page in behind),
        post("filer", "mfa_activate_totp", 200, code="000000"),
        post("filer", "account_email", 200, email="nonsense", action_add="Add"),
        post("owner", "account_reauthenticate", 200, **again),
        *(Visit("owner", reverse(page)) for page in codes),
    ]


def login_pages(cast: Personas) -> list[Visit]:
    """Return login forms with errors, pages linked from e-mails, and two-factor authentication."""
    fresh = factories.user()
    unconfirmed = EmailAddress.objects.create(user=fresh, email="new@brand.example")
    login = {"login": cast.owner.email, "password": PASSWORD}
    key = (user_pk_to_url_str(fresh), default_token_generator.make_token(fresh))
    return [
        post("anonymous", "account_login", 200, **login | {"password": "wrong"}),
        post("anonymous", "account_reset_password", 200, email="nonsense"),
        Visit("anonymous", address(("account_reset_password_from_key", *key))),
        Visit(
            "anonymous", address(("account_confirm_email", EmailConfirmationHMAC(unconfirmed).key))
        ),
        post("anonymous", "account_login", 200, **login),
        post("anonymous", "mfa_authenticate", 200, code="000000"),
    ]


def channels(number: int) -> list[Visit]:
    return [
        post("moderator", ("triage:channel_pause", number)),
        post("moderator", ("triage:channel_replay", number), from_seq=0),
        post("moderator", ("triage:channel_resend_selected", number)),
    ]


def errors() -> list[Visit]:
    """Return the error pages. The last two need the fixture ``failing_views``."""
    many = {f"field-{n}": "" for n in range(2001)}
    login, language = reverse("account_login"), reverse("set_language")
    return [
        FormVisit("anonymous", login, data=many, status=400, about="too many fields"),
        FormVisit("anonymous", login, status=403, about="no token", token=False),
        FormVisit("anonymous", reverse("account_signup"), status=429, about="too often"),
        FormVisit("anonymous", language, data={"language": "en"}, status=500, about="broken"),
    ]


def admin(cast: Personas) -> list[Visit]:
    """Return confirmations, secrets shown once, and admin forms with errors."""
    webhook, _ = factories.webhook("https://liaison.example/in", of=cast.agency)
    add, listed = "admin:liaison_channel_add", "admin:liaison_channel_changelist"
    renew = {"action": "renew_secret", "_selected_action": webhook.pk}
    agencies = "admin:liaison_agency_changelist"
    chosen = {"_selected_action": cast.agency.pk}
    yes = {"confirmed": "yes"}
    password = {"action": "renew_stream_password"} | chosen
    withdraw = {"action": "withdraw_stream_password"} | chosen
    return [
        post("admin", add, 200),
        post("admin", add, 200, agency=cast.agency.pk, **CHANNEL),
        post("admin", listed, 200, **renew),
        post("admin", listed, 200, **renew, **yes),
        post("admin", agencies, 200, **password),
        post("admin", agencies, 200, **password, **yes),
        post("admin", agencies, 200, **withdraw),
    ]
