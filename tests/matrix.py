"""The access matrix: the expected status for every URL, method and persona.

It is written from the access rules, not from the views. A URL without a row fails the build.
``LOGIN`` is a redirect to the login page and back; another member's object gives 404, a missing role
403.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories
from tests.access import LOGIN, Row, Status, form, read
from tests.access import same as _same
from tests.matrix_admission import ROWS as ADMISSION_ROWS
from tests.matrix_api import ROWS as API_ROWS
from tests.matrix_bulk import ROWS as BULK_ROWS
from tests.matrix_objects import (
    agent,
    answer,
    answered_counter_notice,
    case_in,
    certificate,
    channel,
    channel_test,
    evidence_of,
    found_contact,
    held_decision,
    listed_marketplace,
    member,
    notice,
    notification,
    operation,
    overdue_step,
    people,
    referral,
    referred_case,
    right,
    session,
    template,
    triage_right,
    withdrawn_referral,
)
from tests.matrix_products import ROWS as PRODUCT_ROWS
from tests.matrix_purchases import ROWS as PURCHASE_ROWS
from tests.matrix_sheets import ROWS as SHEETS_ROWS
from tests.matrix_sso import ROWS as SSO_ROWS
from tests.matrix_teamwork import ROWS as TEAMWORK_ROWS
from tests.matrix_webhooks import ROWS as WEBHOOK_ROWS

# --- The table ---------------------------------------------------------------------------------


def _desk(filing: Status, viewing: Status = 403) -> tuple[Status, ...]:
    """Expected statuses of a case's pages on the desk, which only its member can open."""
    return (LOGIN, 404, viewing, filing, filing, 404, 404, 404, 404, 404)


def _template(expected: Status, stranger: Status = 404) -> tuple[Status, ...]:
    """Expected statuses of a template, which only people who file have."""
    return (LOGIN, stranger, 403, expected, expected, 403, 403, 403, 403, 403)


def _filer(expected: Status) -> tuple[Status, ...]:
    """Expected statuses of an object that belongs to the filer alone."""
    return (LOGIN, 404, 404, expected, 404, 404, 404, 404, 404, 404)


def _triage(holder: Status, moderator: Status, staff: Status = 403) -> tuple[Status, ...]:
    return (LOGIN, 403, 403, 403, 403, holder, moderator, 403, 403, staff)


def _owner(expected: Status) -> tuple[Status, ...]:
    """Expected statuses of an action of the member's owners. A wrong method is refused before the role is checked."""
    if expected == 405:
        return _same(LOGIN, 405)
    return (LOGIN, 404, 403, 403, expected, 404, 404, 404, 404, 404)


def _liaison(officer: Status, other: Status) -> tuple[Status, ...]:
    return (LOGIN, 403, 403, 403, 403, 403, 403, officer, other, 403)


_PUBLIC = _same(200, 200)
_READERS = _triage(200, 200, 200)

# fmt: off
ROWS: list[Row] = [
    *ADMISSION_ROWS,
    *TEAMWORK_ROWS,
    *BULK_ROWS,
    # Public.
    *read("public:home", *_PUBLIC),
    *read("public:impact", *_PUBLIC),
    *read("public:impact_csv", *_PUBLIC),
    *read("public:watch_lists", *_PUBLIC),
    *read("public:watch_lists_csv", *_PUBLIC),
    *read("public:marketplace", *_PUBLIC, make=listed_marketplace),
    *read("public:marketplace", *_same(404, 404), make=lambda _cast: ("nowhere",), variant="unknown"),
    *read("public:robots", *_PUBLIC),
    *read("public:favicon", *_same(301, 301)),
    *read("pages:about", *_PUBLIC),
    *read("pages:help", *_PUBLIC),
    *read("pages:contact", *_PUBLIC),
    *read("pages:privacy", *_PUBLIC),
    *read("pages:terms", *_PUBLIC),
    *read("pages:accessibility", *_PUBLIC),
    *read("pages:security_txt", *_PUBLIC),
    *read("members:directory", *_PUBLIC),
    *read("members:directory_csv", *_PUBLIC),
    *read("members:detail", *_PUBLIC, make=member),
    *read("members:detail", *_same(404, 404), make=lambda cast: ("no-such-member",), variant="none"),
    *read("healthz", *_PUBLIC),
    *read("readyz", *_PUBLIC),
    # For Prometheus, with a token (tests/alliance/test_metrics.py).
    *read("metrics", *_same(404, 404)),
    *form("set_language", _same(405, 405), _same(302, 302)),
    *read("start", *_same(LOGIN, 302)),

    # The brand desk.      anon  strng view filer owner hold  mod  offic other admin
    *read("desk:home",     LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    *read("desk:cases",    LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    *read("desk:cases_csv", LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    *read("desk:cases_xlsx", LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    *read("desk:listings_csv", LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    *read("desk:listings_xlsx", LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    *read("desk:report", LOGIN, 200, 200, 200, 200, 403, 403, 403, 403, 403),
    # The stranger's member has no brand.
    *read("desk:report_csv", LOGIN, 404, 200, 200, 200, 403, 403, 403, 403, 403),
    *form("desk:new",     (LOGIN, 200, 403, 200, 200, 403, 403, 403, 403, 403),
                          (LOGIN, 422, 403, 422, 422, 403, 403, 403, 403, 403)),
    # Moderators and admins are redirected to their own page of the case.
    *read("desk:case",     LOGIN, 404, 200, 200, 200, 302, 302, 404, 404, 302,
          make=case_in("submitted"), variant="submitted"),
    *read("desk:case",     LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404,
          make=case_in("draft"), variant="draft"),
    *read("desk:case",     LOGIN, 404, 200, 200, 200, 302, 302, 404, 404, 302,
          make=referred_case, variant="referred"),
    *read("desk:case",     *_same(LOGIN, 404), make=lambda cast: ("AP-0000-0000",), variant="none"),
    *form("desk:complaint", _desk(200), _desk(422), case_in("draft")),
    *form("desk:listings",  _desk(200), _desk(422), case_in("draft")),
    *read("desk:templates", LOGIN, 200, 403, 200, 200, 403, 403, 403, 403, 403),
    *form("desk:template_save", _desk(200), _desk(422), case_in("draft")),
    *form("desk:template_rename", _template(200), _template(422), template),
    *form("desk:template_delete", _template(302, 302), _template(302, 302), template),
    *form("desk:split", _desk(302), _desk(422), case_in("draft")),
    *form("desk:contact", _desk(302), _desk(302), found_contact("draft")),
    *form("desk:details",   _desk(200), _desk(302), case_in("draft")),
    *form("desk:filed_already", _desk(302), _desk(302), case_in("draft")),
    *form("desk:evidence",  _desk(200), _desk(422), case_in("draft")),
    *form("desk:check",     _desk(200), _desk(422), case_in("draft")),
    *read("desk:submitted", *_desk(200, viewing=200), make=case_in("submitted")),
    *form("desk:answer",    _desk(302), _desk(422), case_in("information_requested")),
    *form("desk:reopen",    _desk(302), _desk(422), case_in("rejected")),
    *form("desk:answer_counter_notice", _desk(302), _desk(422), case_in("counter_noticed")),
    *form("desk:withdraw",  _desk(302), _desk(302), case_in("submitted")),
    *read("desk:evidence_file", LOGIN, 404, 200, 200, 200, 200, 200, 404, 404, 200,
          make=evidence_of(case_in("submitted")), variant="submitted"),
    *read("desk:evidence_file", LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404,
          make=evidence_of(case_in("draft")), variant="draft"),
    *read("desk:evidence_file", LOGIN, 404, 200, 200, 200, 200, 200, 200, 404, 200,
          make=evidence_of(referred_case), variant="referred"),
    *read("desk:evidence_details", LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404,
          make=evidence_of(case_in("draft")), variant="draft"),
    *read("desk:evidence_details", LOGIN, 404, 200, 200, 200, 200, 200, 200, 404, 200,
          make=evidence_of(referred_case), variant="referred"),
    *read("desk:evidence_preview", LOGIN, 404, 200, 200, 200, 200, 200, 200, 404, 200,
          make=evidence_of(referred_case), variant="referred"),
    *read("desk:evidence_thumbnail", LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404,
          make=evidence_of(case_in("draft")), variant="draft"),
    *read("desk:evidence_file", *_same(LOGIN, 404), make=lambda cast: (uuid.uuid4(),), variant="none"),
    *form("desk:evidence_remove", _desk(302), _desk(302), evidence_of(case_in("draft"))),
    *form("desk:evidence_remove",
          (LOGIN, 404, 403, 302, 302, 403, 403, 403, 404, 403),
          (LOGIN, 404, 403, 302, 302, 403, 403, 403, 404, 403),
          evidence_of(referred_case), variant="referred"),

    # Notifications are a person's own.
    *read("notifications:list", *_same(LOGIN, 200)),
    *read("notifications:follow", *_filer(302), make=notification),
    *form("notifications:read", _same(LOGIN, 405), _filer(302), notification),
    *read("notifications:follow_notice", *_filer(302), make=notice),
    *form("notifications:read_notice", _same(LOGIN, 405), _filer(302), notice),
    *form("notifications:read_all", _same(LOGIN, 405), _same(LOGIN, 422)),

    # Triage: moderators act, admins read.
    *read("triage:list", *_READERS),
    *read("triage:case", *_READERS, make=case_in("submitted")),
    *read("triage:case", *_triage(404, 404, 404), make=case_in("draft"), variant="draft"),
    *read("triage:operations", *_READERS),
    *read("triage:operation", *_READERS, make=operation),
    *read("triage:overdue", *_READERS),
    *read("triage:rights", *_READERS),
    *read("triage:right", *_READERS, make=triage_right),
    *read("triage:right", *_triage(404, 404, 404), make=lambda cast: (0,), variant="none"),
    # Without the version that the page shows, nothing is verified.
    *form("triage:right_verify", _triage(302, 302), _triage(409, 409), triage_right),
    *form("triage:right_return", _triage(302, 302), _triage(422, 422), triage_right),
    *read("triage:roster", *_READERS),
    *read("triage:roster_csv", *_READERS),
    *form("triage:remind", _triage(302, 302), _triage(302, 302), overdue_step),
    *form("triage:remind", _triage(404, 404), _triage(404, 404), lambda cast: (0,), variant="none"),
    *read("triage:second_review", *_READERS),
    *form("triage:undo", _triage(302, 302), _triage(302, 302), held_decision),
    *form("triage:undo", _triage(404, 404), _triage(404, 404), lambda cast: (0,), variant="none"),
    *form("triage:confirm", _triage(302, 302), _triage(302, 302), held_decision),
    *form("triage:send_back", _triage(302, 302), _triage(422, 422), held_decision),
    *form("triage:send_back", _triage(302, 302), _triage(403, 302), held_decision, variant="reason",
          data={"reason": "Look at the seal."}),
    *form("triage:dismiss", _triage(302, 302), _triage(302, 302), held_decision),
    *form("triage:next", _triage(302, 302), _triage(302, 302)),
    *form("triage:heartbeat", _same(LOGIN, 405), _triage(200, 200, 200), case_in("in_review")),
    *form("triage:heartbeat", _same(LOGIN, 405), _triage(404, 404, 404), case_in("draft"), variant="draft"),
    *form("triage:claim", _triage(302, 302), _triage(302, 302), case_in("submitted")),
    *form("triage:claim", _triage(302, 302), _triage(302, 409), case_in("in_review"), variant="claimed"),
    *form("triage:claim", _triage(404, 404), _triage(404, 404), case_in("draft"), variant="draft"),
    *form("triage:release", _triage(302, 302), _triage(302, 409), case_in("in_review")),
    *form("triage:comment", _triage(302, 302), _triage(422, 422), case_in("submitted")),
    *form("triage:request_information", _triage(302, 302), _triage(422, 422), case_in("in_review")),
    *form("triage:listings", _triage(302, 302), _triage(302, 409), case_in("in_review")),
    *form("triage:contact", _triage(302, 302), _triage(302, 302), found_contact("submitted")),
    *form("triage:contact", _triage(404, 404), _triage(404, 404), found_contact("draft"), variant="draft"),
    *form("triage:uphold", _triage(302, 302), _triage(422, 422), case_in("in_review")),
    *form("triage:reject", _triage(302, 302), _triage(422, 422), case_in("in_review")),
    *form("triage:removed", _triage(302, 302), _triage(302, 302), case_in("upheld")),
    *form("triage:counter_notice", _triage(302, 302), _triage(422, 422), case_in("removed")),
    *form("triage:uphold_again", _triage(302, 302), _triage(422, 422), case_in("counter_noticed")),
    # The moderator who upheld the case cannot decide on its counter-notice.
    *form("triage:uphold_again", _triage(302, 302), _triage(403, 302), answered_counter_notice,
          variant="answered", data={"facts": "The invoice is forged."}),
    *form("triage:reinstate", _triage(302, 302), _triage(422, 422), case_in("counter_noticed")),
    *form("triage:reinstate", _triage(302, 302), _triage(403, 302), answered_counter_notice,
          variant="answered", data={"facts": "The invoices are in order."}),
    *form("triage:close", _triage(302, 302), _triage(302, 302), case_in("removed")),
    *form("triage:refer", _triage(302, 302), _triage(422, 422), case_in("upheld")),
    *form("triage:withdraw_referral", _triage(302, 302), _triage(422, 422), referred_case),
    # The moderator who referred the case cannot verify its operation.
    *form("triage:verify", _triage(302, 302), _triage(403, 302), operation),
    *form("triage:retract", _triage(302, 302), _triage(422, 422), operation),

    # Channels are for moderators and admins; secrets are shown in the admin only.
    *read("triage:channels", *_READERS),
    *read("triage:channel", *_READERS, make=channel),
    *read("triage:channel", *_triage(404, 404, 404), make=lambda cast: (0,), variant="none"),
    *read("triage:channel_test_result", *_READERS, make=channel_test),
    *form("triage:channel_pause", _triage(302, 302, 302), _triage(422, 422, 422), channel),
    *form("triage:channel_resume", _triage(302, 302, 302), _triage(302, 302, 302), channel),
    *form("triage:channel_resend_selected", _triage(302, 302, 302), _triage(422, 422, 422), channel),
    *form("triage:channel_resend_one", _triage(302, 302, 302), _triage(404, 404, 404), channel),
    *form("triage:channel_resend_dead_letters", _triage(302, 302, 302), _triage(302, 302, 302), channel),
    *form("triage:channel_stop_resend", _triage(302, 302, 302), _triage(409, 409, 409), channel),
    *form("triage:channel_replay", _triage(200, 200, 200), _triage(422, 422, 422), channel),
    *form("triage:channel_test", _triage(302, 302, 302), _triage(302, 302, 302), channel),

    # The liaison desk.
    *read("liaison:queue", *_liaison(200, 200)),
    *read("liaison:operations", *_liaison(200, 200)),
    *form("liaison:report", _liaison(200, 200), _liaison(422, 422)),
    *read("liaison:operation", *_liaison(200, 404), make=operation),
    *read("liaison:referral", *_liaison(200, 404), make=referral),
    *read("liaison:referral", *_liaison(404, 404), make=withdrawn_referral, variant="withdrawn"),
    *form("liaison:answer", _liaison(302, 404), _liaison(302, 404), answer("acknowledge"),
          variant="acknowledge"),
    *form("liaison:answer", _liaison(302, 404), _liaison(302, 404), answer("accept"), variant="accept"),
    *form("liaison:answer", _liaison(302, 404), _liaison(422, 404), answer("decline"),
          variant="decline"),
    *form("liaison:answer", _liaison(302, 404), _liaison(409, 404), answer("conclude"),
          variant="too early"),
    *form("liaison:answer", _liaison(404, 404), _liaison(404, 404), answer("withdraw"),
          variant="no such answer"),

    # The pull API takes a channel's token, not a login (tests/liaison/test_pull.py).
    *form("liaison_api:updates", _same(401, 401), _same(405, 405)),
    *form("liaison_api:acknowledge", _same(405, 405), _same(401, 401)),
    *form("liaison_api:schema", _same(200, 200), _same(405, 405), lambda cast: ("update.v1.json",)),
    *form("liaison_api:openapi-json", _same(200, 200), _same(200, 200)),
    *form("liaison_api:api-root", _same(404, 404), _same(404, 404)),

    # Accounts: allauth's pages with the portal's rules. Two-factor pages redirect to
    # reauthentication first.
    *form("account_login", _same(200, 302), _same(200, 302)),
    *form("account_logout", _same(302, 200), _same(302, 302)),
    *form("account_signup", _same(200, 302), _same(200, 302)),  # says that accounts are by invitation
    *form("account_inactive", _same(200, 200), _same(405, 405)),
    *form("account_reauthenticate", _same(LOGIN, 200), _same(LOGIN, 200)),
    *form("account_email", _same(LOGIN, 200), _same(LOGIN, 302)),
    *form("account_email_verification_sent", _same(200, 200), _same(405, 405)),
    *form("account_confirm_email", _same(200, 200), _same(404, 404), lambda cast: ("no-such-key",)),
    *form("account_change_password", _same(LOGIN, 200), _same(LOGIN, 200)),
    *form("account_set_password", _same(LOGIN, 302), _same(LOGIN, 302)),
    *form("account_reset_password", _same(200, 200), _same(200, 200)),
    *form("account_reset_password_done", _same(200, 200), _same(405, 405)),
    *form("account_reset_password_from_key", _same(200, 200), _same(200, 200),
          lambda cast: ("1", "no-such-key")),
    *form("account_reset_password_from_key_done", _same(200, 200), _same(405, 405)),
    *form("account_confirm_login_code", _same(302, 302), _same(302, 302)),
    *read("people:home", *_same(LOGIN, 200)[:1], 302, 302, 302, 302, 200, 200, 200, 200, 200),
    *read("people:list", LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404, make=people("list")),
    *form("people:authorisation", _owner(200), _owner(422), agent),
    *form("people:end", _owner(405), _owner(409), agent),
    *read("rights:home", LOGIN, 302, 302, 302, 302, 200, 200, 200, 200, 200),
    *read("rights:list", LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404, make=member),
    *read("rights:detail", LOGIN, 404, 200, 200, 200, 404, 404, 404, 404, 404, make=right),
    *form("rights:register", _desk(200), _desk(422), member),
    *form("rights:change", _desk(200), _desk(422), right),
    *PRODUCT_ROWS,
    *PURCHASE_ROWS,
    *read("document", LOGIN, 404, 200, 200, 200, 200, 200, 404, 404, 200, make=certificate),
    *read("document", *_same(LOGIN, 404), make=lambda cast: (uuid.uuid4(),), variant="none"),
    # The public page of the member, which its owners change.
    *form("members:edit", _owner(200), _owner(200), member),
    *form("people:invite", _owner(405), _owner(422), people("invite")),
    *form("people:resend", _owner(405), _owner(422), people("resend")),
    *form("people:withdraw", _owner(405), _owner(302), people("withdraw")),
    *form("people:role", _owner(405), _owner(422), people("role")),
    *form("people:remove", _owner(405), _owner(302), people("remove")),
    *form("invitation", _same(200, 200), _same(422, 422),
          lambda cast: (factories.invitation(cast.member, by=cast.owner).key,)),
    *form("profile_shortcuts", _same(LOGIN, 405), _same(LOGIN, 204)),
    *form("profile", _same(LOGIN, 200), _same(LOGIN, 422)),
    *form("session_end", _same(LOGIN, 405), _filer(302), session),
    *form("usersessions_list", _same(LOGIN, 200), _same(LOGIN, 302)),
    *form("mfa_index", _same(LOGIN, 200), _same(LOGIN, 405)),
    *form("mfa_authenticate", _same(302, 302), _same(302, 302)),
    *form("mfa_reauthenticate", _same(LOGIN, 302), _same(LOGIN, 302)),
    *form("mfa_activate_totp", _same(LOGIN, 302), _same(LOGIN, 302)),
    *form("mfa_deactivate_totp", _same(LOGIN, 404), _same(LOGIN, 404)),
    *form("mfa_view_recovery_codes", _same(LOGIN, 404), _same(LOGIN, 405)),
    *form("mfa_generate_recovery_codes", _same(LOGIN, 302), _same(LOGIN, 302)),
    *form("mfa_download_recovery_codes", _same(LOGIN, 404), _same(LOGIN, 404)),
    *form("mfa_list_webauthn", _same(LOGIN, 200), _same(LOGIN, 405)),
    *form("mfa_add_webauthn", _same(LOGIN, 302), _same(LOGIN, 302)),
    *form("mfa_reauthenticate_webauthn", _same(LOGIN, 302), _same(LOGIN, 302)),
    *form("mfa_remove_webauthn", _same(LOGIN, 302), _same(LOGIN, 302), lambda cast: (1,)),
    *form("mfa_edit_webauthn", _same(LOGIN, 302), _same(LOGIN, 302), lambda cast: (1,)),
    *form("mfa_login_webauthn", _same(302, 302), _same(302, 302)),
    *SHEETS_ROWS,
    *API_ROWS,
    *SSO_ROWS,
    *WEBHOOK_ROWS,
]
# fmt: on


def addresses() -> Iterator[tuple[str, str]]:
    """Yield the full name (``-`` for none) and the route of every URL of the site."""

    def walk(resolver: URLResolver, names: str, route: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                space = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern, names + space, here)
            elif isinstance(pattern, URLPattern):
                yield names + (pattern.name or "-"), here

    return walk(get_resolver(), "", "")
