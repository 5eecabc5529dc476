"""Bugs in how orders become checkouts at Stripe, and in how Stripe is asked again."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from bot.domain.attempts import AttemptWork
from bot.domain.facts import Fact, SessionFact, SessionStatus
from bot.domain.ids import SessionId
from bot.domain.selection import Quote
from bot.payments.failures import Refused
from bot.payments.gateway import SESSIONS, Gateway, _session
from bot.services import ordering
from bot.services.checkout import Checkout
from storage import attempts, orders
from tests.simulation.bugs.planting import Bug, nothing, swap, together


def _keys_of_their_own(name: str) -> Bug:
    asked, numbers = getattr(Gateway, name), count()

    async def ask(self: Gateway, parameters: Mapping[str, object], key: str) -> Fact:
        found: Fact = await asked(self, parameters, f"{key}.{next(numbers)}")
        return found

    return swap(Gateway, name, ask)


async def _expired_whatever(self: Gateway, session_id: SessionId) -> SessionFact:
    try:
        return _session(await self._call("post", f"{SESSIONS}/{session_id}/expire", {}))
    except Refused:
        return replace(await self.session(session_id), status=SessionStatus.EXPIRED)


_HANDLE = Checkout.handle


async def _taken_off_first(self: Checkout, work: AttemptWork) -> None:
    await self._database.run(lambda connection: attempts.ask_at(connection, work.id, None))
    await _HANDLE(self, work)


def _whatever_it_costs(price: Quote, confirmed_total: int) -> Quote:
    return price


CHECKOUTS: Mapping[str, Bug] = {
    "nonce_ignored": swap(orders, "by_nonce", nothing),
    "price_unconfirmed": swap(ordering, "confirm", _whatever_it_costs),
    "session_key_changes_on_retry": _keys_of_their_own("create_session"),
    "refusal_to_expire_taken_for_expired": swap(Gateway, "expire_session", _expired_whatever),
    "attempt_forgotten_in_a_crash": together(
        swap(Checkout, "handle", _taken_off_first), swap(Checkout, "resume", nothing)
    ),
    "refund_key_changes_on_retry": _keys_of_their_own("create_refund"),
}
