"""What admins may write into a marketplace."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.models import Marketplace
from cases.services import listing_keys
from cases.services.refusals import Refusal


def check_hosts(*, marketplace: Marketplace, hosts: Sequence[str]) -> None:
    """Refuse hosts that another marketplace has. Others wait until the transaction ends.

    A host may lie below that of another marketplace: the longest one that fits an address has it.
    Only one marketplace has no hosts: it takes the addresses that no other one knows.
    """
    listing_keys.lock_rules()
    others = Marketplace.objects.exclude(pk=marketplace.pk)
    if not hosts:
        other = others.filter(hosts=[]).first()
        if other is not None:
            raise Refusal(
                _("Give at least one host: “%(name)s” is the one without.") % {"name": other}
            )
        return
    other = others.filter(hosts__overlap=list(hosts)).first()
    if other is not None:
        shared = sorted(set(hosts) & set(other.hosts))
        raise Refusal(
            _("“%(name)s” has this host already: %(hosts)s")
            % {"name": other, "hosts": ", ".join(shared)}
        )
