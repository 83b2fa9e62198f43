"""Connections to public addresses only, unless inner ones are allowed: a stranger's text must not reach the network of
the machine. A name is looked up once, and the address that was judged is used (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

Addresses = Sequence[tuple[Any, Any, Any, Any, Any]]
"""The addresses of a host and port as `socket.getaddrinfo` gives them."""
Resolve = Callable[[str, int], Addresses]
INNER_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain")
NO_SUCH_NAME = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_FAIL") if hasattr(socket, name)
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_INNER = ipaddress.ip_network("64:ff9b:1::/48")


class Inner(Exception):
    """The host is not on the public network; the argument is its address or name."""


class NoName(Exception):
    """There is no host of that name."""


class NoAnswer(Exception):
    """No answer came; the argument is the reason, as a clause."""


def resolve(host: str, port: int) -> Addresses:
    """The addresses of `host` that the system's resolver gives."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public network; an IPv4 address embedded in an IPv6 one decides."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64_INNER or found.is_site_local:
            return False
        carried = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in _NAT64:
            carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        inside = [one for one in carried if one is not None]
        if inside:
            return all(is_public(str(one)) for one in inside)
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified


def look_up(host: str, port: int, resolve: Resolve) -> Addresses:
    """The addresses of `host`; raises NoName or NoAnswer."""
    try:
        return resolve(host, port)
    except socket.gaierror as error:
        if error.errno in NO_SUCH_NAME:
            raise NoName from error
        raise NoAnswer("the name of its host could not be looked up") from error
    except (UnicodeError, ValueError) as error:
        raise NoName from error  # no host can have such a name
    except OSError as error:
        raise NoAnswer("the name of its host could not be looked up") from error


def refuse_inner(host: str, port: int, resolve: Resolve) -> None:
    """Raises Inner where `host`, left for a proxy to look up, has an inner name or only inner addresses known here."""
    name = host.rstrip(".").lower()
    if any(name == inner or name.endswith(f".{inner}") for inner in INNER_NAMES):
        raise Inner(name)
    try:
        found = look_up(host, port, resolve)
    except (NoName, NoAnswer):
        if "." not in name and ":" not in name:
            raise Inner(name) from None
        return
    addresses = [str(entry[4][0]) for entry in found]
    if not any(is_public(address) for address in addresses):
        raise Inner(addresses[0] if addresses else name)


def connected(host: str, port: int, *, allowed: Callable[[str], bool], end: float, resolve: Resolve) -> socket.socket:
    """A connection to `host` before `end` (monotonic). Raises Inner without an `allowed` address, NoName, NoAnswer."""
    found = look_up(host, port, resolve)
    open_to_us = [entry for entry in found if allowed(str(entry[4][0]))]
    if not open_to_us:
        raise Inner(str(found[0][4][0]) if found else host)
    failure: OSError | None = None
    for family, kind, protocol, _, address in open_to_us:
        left = end - time.monotonic()
        if left <= 0:
            break
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(left)
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    if failure is None or isinstance(failure, TimeoutError):
        raise NoAnswer("its server did not answer in time")
    raise NoAnswer(f"no connection to its server ({failure.strerror or type(failure).__name__})") from failure
