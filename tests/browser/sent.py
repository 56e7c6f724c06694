"""The pages that only a form brings: with errors, with a question, with a secret, or with a refusal."""

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
from tests.browser.stops import Sent, Stop, address
from tests.cases.filing.forms import complaint
from tests.personas import Personas

PASSWORD = "password"
CHANNEL = {
    "name": "Case system",
    "kind": "webhook",
    "url": "https://liaison.example/in",
    "is_active": "on",
    "alert_backlog": 1000,
    "alert_after_minutes": 15,
}


def sent(persona: str, page: str | tuple[Any, ...], status: int = 422, **data: Any) -> Sent:
    """Return the answer to a form with ``data``, at a page by name, or by name and arguments."""
    about = ", ".join(data) or "nothing"
    return Sent(persona, address(page), data=data, status=status, about=about)


def desk(cast: Personas, cases: dict[str, Case]) -> list[Stop]:
    """The steps of filing with errors, and what came too late."""
    draft = cases["draft"].reference
    late = complaint(cast.right, explanation="Typed for an hour.")
    lost = cases["closed"].evidence.get()
    lost.file.storage.delete(str(lost.file.name))
    bad = {"urls": "one\r\nhttps://two.example/2\r\nthree", "then": "next"}
    return [
        sent("filer", "desk:new", then="next"),
        sent("filer", ("desk:complaint", draft), explanation="x" * 5001, then="next"),
        sent("filer", ("desk:listings", draft), **bad),
        sent("filer", ("desk:evidence", draft)),
        sent("filer", ("desk:check", draft)),
        sent("filer", ("desk:complaint", cases["submitted"].reference), 409, **late),
        Stop("filer", address(("desk:evidence_file", lost.pk))),
        sent("filer", ("desk:answer", cases["information_requested"].reference)),
        sent("viewer", "desk:new", 403),
    ]


def triage(cast: Personas, cases: dict[str, Case], operation: str) -> list[Stop]:
    """A moderator's forms with errors, and the referral that is looked at before it is sent."""
    held, upheld = cases["in_review"], cases["upheld"].reference
    reason = factories.reason().pk
    facts = {"reason": reason, "ground": "illegal_content", "facts": "A forged label."}
    little = factories.agency(name="Coast Guard", discloses=["member", "note"])
    words = f"{cases['upheld'].seller.name} again."  # type: ignore[union-attr]
    refer = ("triage:refer", upheld)
    factories.referral_rule(cast.other_agency)
    answered = factories.counter_noticed_case(moderator=cast.moderator, answered=True)
    return [
        sent("moderator", ("triage:uphold", held.reference)),
        sent("moderator", ("triage:uphold", held.reference), 409, **facts, expected_version=0),
        sent("moderator", ("triage:reject", held.reference)),
        sent("moderator", ("triage:request_information", held.reference)),
        sent("moderator", ("triage:comment", held.reference)),
        sent("moderator", ("triage:uphold", upheld), 409, **facts, expected_version=0),
        sent("moderator", ("triage:counter_notice", cases["removed"].reference)),
        sent("moderator", ("triage:reinstate", cases["counter_noticed"].reference)),
        sent("second_moderator", ("triage:uphold_again", answered.reference)),
        sent("moderator", refer),
        sent("moderator", refer, 200, agency=cast.other_agency.pk, note="One warehouse."),
        sent("moderator", refer, 200, agency=little.pk, note=words),
        sent("moderator", refer, 409, agency=cast.other_agency.pk, seen="0" * 64),
        sent("moderator", ("triage:withdraw_referral", upheld)),
        sent("moderator", ("triage:retract", operation)),
        sent("second_moderator", ("triage:claim", held.reference), 409),
    ]


def liaison(cast: Personas, offered: Referral) -> list[Stop]:
    """An officer's forms with errors, and a referral that was taken back while they typed."""
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
        "dens_closed": "2",
        "arrests": "5",
        "items_seized": "3万",
        "value_cny": "125万",
        "value_basis": "genuine_retail",
    }
    return [
        sent("officer", ("liaison:answer", offered.reference, "decline"), note="Not ours."),
        sent("officer", ("liaison:answer", offered.reference, "conclude"), 409, note="Too early."),
        sent("officer", "liaison:report", kind="raid", arrests="-1"),
        sent("officer", "liaison:report", 200, **report),
        sent("officer", ("liaison:answer", gone.reference, "accept"), 404, note="We take it."),
    ]


def account(cast: Personas) -> list[Stop]:
    """Forms about an account with errors, and what is shown only after the password was asked for again."""
    TOTP.activate(cast.owner, generate_totp_secret())
    RecoveryCodes.activate(cast.owner)
    again = {"password": PASSWORD, "next": reverse("mfa_index")}
    behind = ("mfa_activate_totp", "mfa_add_webauthn")
    codes = ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp")
    wrong = {"oldpassword": "x", "password1": "a", "password2": "b"}
    return [
        sent("filer", "account_change_password", 200, **wrong),
        sent("filer", "account_reauthenticate", 200, password="x"),
        sent("filer", "account_reauthenticate", 200, **again),
        *(Stop("filer", reverse(page)) for page in behind),
        sent("filer", "mfa_activate_totp", 200, code="000000"),
        sent("filer", "account_email", 200, email="nonsense", action_add="Add"),
        sent("owner", "account_reauthenticate", 200, **again),
        *(Stop("owner", reverse(page)) for page in codes),
    ]


def entrance(cast: Personas) -> list[Stop]:
    """The way in, with errors; the pages behind the addresses in e-mails; the second factor."""
    fresh = factories.user()
    unconfirmed = EmailAddress.objects.create(user=fresh, email="new@brand.example")
    login = {"login": cast.owner.email, "password": PASSWORD}
    key = (user_pk_to_url_str(fresh), default_token_generator.make_token(fresh))
    return [
        sent("anonymous", "account_login", 200, **login | {"password": "wrong"}),
        sent("anonymous", "account_reset_password", 200, email="nonsense"),
        Stop("anonymous", address(("account_reset_password_from_key", *key))),
        Stop(
            "anonymous", address(("account_confirm_email", EmailConfirmationHMAC(unconfirmed).key))
        ),
        sent("anonymous", "account_login", 200, **login),
        sent("anonymous", "mfa_authenticate", 200, code="000000"),
    ]


def channels(number: int) -> list[Stop]:
    return [
        sent("moderator", ("triage:channel_pause", number)),
        sent("moderator", ("triage:channel_replay", number), from_seq=0),
        sent("moderator", ("triage:channel_send_again", number)),
    ]


def errors() -> list[Stop]:
    """The pages for what went wrong. The last two happen where a test makes them."""
    many = {f"field-{n}": "" for n in range(2001)}
    login, language = reverse("account_login"), reverse("set_language")
    return [
        Sent("anonymous", login, data=many, status=400, about="too many fields"),
        Sent("anonymous", login, status=403, about="no token", token=False),
        Sent("anonymous", reverse("account_signup"), status=429, about="too often"),
        Sent("anonymous", language, data={"language": "en"}, status=500, about="broken"),
    ]


def admin(cast: Personas) -> list[Stop]:
    """The questions before secrets and passwords are renewed, and these shown once; forms with errors."""
    webhook, _ = factories.webhook("https://liaison.example/in", of=cast.agency)
    add, listed = "admin:liaison_channel_add", "admin:liaison_channel_changelist"
    renew = {"action": "renew_secret", "_selected_action": webhook.pk}
    agencies = "admin:liaison_agency_changelist"
    chosen = {"_selected_action": cast.agency.pk}
    yes = {"confirmed": "yes"}
    password = {"action": "renew_stream_password"} | chosen
    withdraw = {"action": "withdraw_stream_password"} | chosen
    return [
        sent("admin", add, 200),
        sent("admin", add, 200, agency=cast.agency.pk, **CHANNEL),
        sent("admin", listed, 200, **renew),
        sent("admin", listed, 200, **renew, **yes),
        sent("admin", agencies, 200, **password),
        sent("admin", agencies, 200, **password, **yes),
        sent("admin", agencies, 200, **withdraw),
    ]
