"""How a call to Stripe can fail, by what that says about its effect."""

from dataclasses import dataclass

from bot.domain.errors import GuichetError


class StripeFailure(GuichetError):
    """Stripe did not do, or may not have done, what was asked."""


@dataclass(eq=False)
class OutcomeUnknown(StripeFailure):
    """Time-out, reset, cut-off body, 409, 429, a bad key: the same key may be tried again."""

    what: str


@dataclass(eq=False)
class ServerFailed(StripeFailure):
    """A 5xx: stored under the key and replayed, so that the same key may never get past it."""

    what: str


@dataclass(eq=False)
class Refused(StripeFailure):
    """Stripe judged the request and did nothing."""

    code: str
    parameter: str
    what: str
