"""The signature that Stripe puts on a webhook: `t=<seconds>,v1=<hex>` with one v1 per valid secret."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime


def signature_header(body: bytes, secrets: Iterable[str], at: datetime) -> str:
    """The value of the header Stripe-Signature for these bytes."""
    seconds = int(at.timestamp())
    signed = b"%d." % seconds + body
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={seconds}", *marks])
