"""The webhook endpoints registered at the simulated Stripe."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Endpoint:
    """A registered webhook. Two secrets are valid while one is being rolled."""

    id: str
    url: str
    secrets: tuple[str, ...]
    enabled_events: tuple[str, ...]
    created: datetime

    def wants(self, event_type: str) -> bool:
        return "*" in self.enabled_events or event_type in self.enabled_events


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this very machine and to nowhere else."""
    host = urlsplit(url).hostname
    if host is None or urlsplit(url).scheme not in {"http", "https"}:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
