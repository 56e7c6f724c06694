"""Which internet addresses the portal may be sent to by somebody else's word."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What Python's own table leaves out, in one version or another (IANA's registries of special addresses).
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # answers inside one cloud provider's machines only
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",  # IPv4 in disguise, given up by everybody
        "3fff::/20",
        "5f00::/16",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether ``text`` is an address on the public internet, whatever it is wrapped in.

    Private, loopback, link-local, shared, multicast, reserved and unspecified ones are not, nor are the
    addresses at which cloud providers hand out credentials.
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public(address)
    # IPv4 in IPv6 clothes leads where the IPv4 address does.
    if address.ipv4_mapped:
        return _is_public(address.ipv4_mapped)
    if address in _NAT64:
        return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return _is_public(address)


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or getattr(address, "is_site_local", False)
        or any(address in network for network in _SPECIAL)
    )
