"""Stripe's test cards and bank accounts: what each number does when it pays."""

from dataclasses import dataclass
from enum import StrEnum


class Behaviour(StrEnum):
    SUCCEEDS = "succeeds"
    DECLINES = "declines"
    SECOND_STEP = "second_step"
    SETTLES_LATER = "settles_later"
    FAILS_LATER = "fails_later"
    REFUND_FAILS = "refund_fails"
    REFUND_PENDS = "refund_pends"
    DISPUTED = "disputed"


DELAYED = frozenset({Behaviour.SETTLES_LATER, Behaviour.FAILS_LATER})


@dataclass(frozen=True)
class Card:
    """`slot` is the short name by which scripts choose it."""

    slot: str
    number: str
    behaviour: Behaviour
    code: str = ""
    message: str = ""

    @property
    def delayed(self) -> bool:
        return self.behaviour in DELAYED


CARDS = (
    Card("success", "4242424242424242", Behaviour.SUCCEEDS),
    Card("declined", "4000000000000002", Behaviour.DECLINES, "generic_decline", "Your card was declined."),
    Card(
        "insufficient_funds",
        "4000000000009995",
        Behaviour.DECLINES,
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    Card("second_step", "4000002500003155", Behaviour.SECOND_STEP),
    Card("second_step_always", "4000002760003184", Behaviour.SECOND_STEP),
    Card("sepa_debit_ok", "DE89370400440532013000", Behaviour.SETTLES_LATER),
    Card("sepa_debit_fail", "DE62370400440532013001", Behaviour.FAILS_LATER),
    Card("refund_fails", "4000000000005126", Behaviour.REFUND_FAILS),
    Card("refund_pending", "4000000000007726", Behaviour.REFUND_PENDS),
    Card("disputed", "4000000000000259", Behaviour.DISPUTED),
)
UNKNOWN_CARD = Card("unknown", "", Behaviour.DECLINES, "incorrect_number", "Your card number is incorrect.")
DELAYED_METHODS = {
    "aud": "au_becs_debit",
    "cad": "acss_debit",
    "eur": "sepa_debit",
    "gbp": "bacs_debit",
    "jpy": "konbini",
    "usd": "us_bank_account",
}


def find_card(number_or_slot: str) -> Card:
    """The test card of a number (spaces allowed) or a slot; any other number is incorrect."""
    wanted = number_or_slot.replace(" ", "")
    return next((card for card in CARDS if wanted in {card.slot, card.number}), UNKNOWN_CARD)


def methods_for(currency: str, excluded: list[str]) -> list[str]:
    """The payment methods that a session offers."""
    offered = ["card", *([DELAYED_METHODS[currency]] if currency in DELAYED_METHODS else [])]
    return [method for method in offered if method not in excluded]
