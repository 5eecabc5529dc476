"""How much, and for how long, the web server listens to somebody before it gives up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds of this machine (a simulated clock may stand still)."""

    body: int = 256 * 1024
    body_within: float = 10.0
    stored_within: float = 15.0
    first_request_within: float = 10.0
    # Longer than proxies keep an idle connection: the one who sends should be the one who closes.
    idle: float = 130.0
    sent_within: float = 30.0
    lingering: float = 1.0
    grace: float = 4.0
