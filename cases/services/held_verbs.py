"""The decisions that can be held: the service of each verb, and its arguments as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from alliance.lib.refusals import Conflict
from cases.liaison.models import Agency, Referral, ReferralRule
from cases.models import Case, ReasonCode
from cases.services import decisions, triage
from cases.services import referral as referrals
from cases.states import DecisionVerb
from members.models import User

V = DecisionVerb

# Arguments that are objects. They are kept as primary keys.
_OBJECTS: dict[str, type[models.Model]] = {
    "reason": ReasonCode,
    "left_up_reason": ReasonCode,
    "agency": Agency,
    "rule": ReferralRule,
    "referral": Referral,
}
# The verbs whose services refuse a case that has changed since the moderator read it.
_VERSIONED = (V.UPHOLD, V.REJECT, V.REJECT_UNANSWERED)


def _withdraw_referral(*, case: Case, by: User, referral: Referral, note: str) -> Referral:
    return referrals.withdraw(referral=referral, by=by, note=note)


_SERVICES: dict[DecisionVerb, Callable[..., Any]] = {
    V.UPHOLD: decisions.uphold,
    V.REJECT: decisions.reject,
    V.REJECT_UNANSWERED: decisions.reject_unanswered,
    V.REQUEST_INFORMATION: triage.request_information,
    V.RECORD_REMOVAL: decisions.record_removal,
    V.RECORD_COUNTER_NOTICE: decisions.record_counter_notice,
    V.UPHOLD_AGAIN: decisions.uphold_again,
    V.REINSTATE: decisions.reinstate,
    V.CLOSE: decisions.close,
    V.REFER: referrals.refer,
    V.WITHDRAW_REFERRAL: _withdraw_referral,
}


def perform(
    verb: DecisionVerb, *, case: Case, by: User, values: Mapping[str, Any], version: int
) -> None:
    """Call the service of ``verb`` with ``values`` as :func:`stored` returned them. Raises what the service raises."""
    arguments = _loaded(values)
    if verb in _VERSIONED:
        arguments["expected_version"] = version
    _SERVICES[verb](case=case, by=by, **arguments)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a service as JSON: objects become primary keys."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, models.Model):
            kept[name] = value.pk
        elif name == "outcomes":
            kept[name] = {str(pk): str(outcome) for pk, outcome in value.items()}
        else:
            kept[name] = value
    return kept


def _loaded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of which :func:`stored` made ``values``. Raises :class:`Conflict` for a deleted object."""
    loaded = dict(values)
    for name, model in _OBJECTS.items():
        key = values.get(name)
        if key is None:
            continue
        loaded[name] = model._default_manager.filter(pk=key).first()
        if loaded[name] is None:
            raise Conflict(
                _("“%(object)s” no longer exists.") % {"object": model._meta.verbose_name}
            )
    if "outcomes" in values:
        loaded["outcomes"] = {int(pk): outcome for pk, outcome in values["outcomes"].items()}
    return loaded
