"""Checks of marketplaces that admins edit."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from alliance.lib import text
from alliance.lib.refusals import Refusal
from cases.models import Marketplace
from cases.services import listing_keys


def check_hosts(*, marketplace: Marketplace, hosts: Sequence[str]) -> None:
    """Raise :class:`Refusal` for hosts that another marketplace has. Serialises changes of marketplaces.

    A host can be a subdomain of another marketplace's host, since the longest matching host is used. Only one
    marketplace has no hosts: that of independent websites.
    """
    listing_keys.lock_rules()
    others = Marketplace.objects.exclude(pk=marketplace.pk)
    if not hosts:
        other = others.filter(hosts=[]).first()
        if other is not None:
            raise Refusal(_("Enter at least one host. Only “%(name)s” has none.") % {"name": other})
        return
    other = others.filter(hosts__overlap=list(hosts)).first()
    if other is not None:
        shared = sorted(set(hosts) & set(other.hosts))
        raise Refusal(
            _("“%(name)s” already has this host: %(hosts)s")
            % {"name": other, "hosts": text.join(shared)}
        )
