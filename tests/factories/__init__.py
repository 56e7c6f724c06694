"""Factories of test data.

:mod:`.cases` and :mod:`.referrals` call the portal's services in order, so that every case is in a
state that can occur. Each function takes the values that matter to a test and invents the rest.
"""

from __future__ import annotations

from tests.factories.admission import (
    admitted_member,
    application,
    application_rows,
    asked_application,
    draft_application,
    tick_all,
)
from tests.factories.agencies import agency, channel, due_times, officer, referral_rule, webhook
from tests.factories.cases import (
    CASE_IN,
    answered_counter_notice,
    claimed_case,
    closed_case,
    counter_noticed_case,
    draft_case,
    information_requested_case,
    listing_urls,
    ready_case,
    reinstated_case,
    rejected_case,
    removed_case,
    submitted_case,
    upheld_case,
    withdrawn_case,
)
from tests.factories.directory import (
    brand,
    directory_entry,
    facts_of_right,
    industry,
    member,
    registered_right,
    right,
)
from tests.factories.files import png, png_bytes
from tests.factories.notifications import choose, digest, latest
from tests.factories.numbers import number
from tests.factories.people import (
    admin,
    agent,
    authorisation,
    filer,
    give_role,
    invitation,
    moderator,
    owner,
    staff,
    user,
    users,
    viewer,
)
from tests.factories.products import (
    feature,
    guide_for,
    new_gtin,
    product,
    product_picture,
)
from tests.factories.purchases import (
    order_facts,
    purchase,
    purchase_file,
    purchase_in_case,
)
from tests.factories.referrals import (
    accepted_referral,
    overdue_step,
    referred_case,
    reported_operation,
    verified_operation,
)
from tests.factories.sellers import (
    authorised_seller,
    identifier,
    marketplace,
    other_name,
    reason,
    seller,
)
from tests.factories.sheets import import_job
from tests.factories.sso import single_sign_on

__all__ = [
    "CASE_IN",
    "accepted_referral",
    "admin",
    "admitted_member",
    "agency",
    "agent",
    "answered_counter_notice",
    "application",
    "application_rows",
    "asked_application",
    "authorisation",
    "authorised_seller",
    "brand",
    "channel",
    "choose",
    "claimed_case",
    "closed_case",
    "counter_noticed_case",
    "digest",
    "directory_entry",
    "draft_application",
    "draft_case",
    "due_times",
    "facts_of_right",
    "feature",
    "filer",
    "give_role",
    "guide_for",
    "identifier",
    "import_job",
    "industry",
    "information_requested_case",
    "invitation",
    "latest",
    "listing_urls",
    "marketplace",
    "member",
    "moderator",
    "new_gtin",
    "number",
    "officer",
    "order_facts",
    "other_name",
    "overdue_step",
    "owner",
    "png",
    "png_bytes",
    "product",
    "product_picture",
    "purchase",
    "purchase_file",
    "purchase_in_case",
    "ready_case",
    "reason",
    "referral_rule",
    "referred_case",
    "registered_right",
    "reinstated_case",
    "rejected_case",
    "removed_case",
    "reported_operation",
    "right",
    "seller",
    "single_sign_on",
    "staff",
    "submitted_case",
    "tick_all",
    "upheld_case",
    "user",
    "users",
    "verified_operation",
    "viewer",
    "webhook",
    "withdrawn_case",
]
