"""The numbered inputs: the same number is the same input on every machine and in every run.

made = Inputs(stage).make(number)     # made.request is what is sent, made.event the body if Stripe has signed it
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import orjson

from tests.fuzz import hostile_requests as requests
from tests.fuzz import odd_json
from tests.fuzz.hostile_requests import Request
from tests.fuzz.stage import Json, Stage, mark_of

SEED = "guichet"
Odd = tuple[object, ...]
Make = Callable[[Random, int], bytes | Request]
Wrong = Callable[[Random, Json, Json], None]


@dataclass(frozen=True)
class Input:
    """`event`: the body, if it is signed as Stripe signs and sent, more or less, as Stripe sends."""

    number: int
    sort: str
    request: Request
    event: bytes | None = None


class Inputs:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._at = int(stage.world.clock.now().timestamp())
        self._sessions = [orjson.dumps(session) for session in stage.sessions]
        held = stage.rows["orders"][-1]["code"]
        self._marks = [mark_of(str(held)), mark_of(str(held), attempt="2"), mark_of("NOPE-22"), mark_of(str(held), "x")]
        self._sorts: list[tuple[int, str, Make]] = [
            (26, "mutated event", self._mutated),
            (15, "wrong session", self._wrong_session),
            (13, "broken bytes", self._broken),
            (5, "heard again", self._again),
            (15, "badly signed", self._badly_signed),
            (18, "strange request", self._strange),
            (4, "garbled request", self._again),
            (4, "telegram", self._telegram),
        ]

    def make(self, number: int) -> Input:
        chance = Random(f"{SEED} {number}")
        weights = [weight for weight, _, _ in self._sorts]
        ((_, sort, make),) = chance.choices(self._sorts, weights)
        made = make(chance, number)
        if isinstance(made, Request):
            return Input(number, sort, made)
        if sort == "garbled request":
            return Input(number, sort, requests.garbled(chance, made, self._at), made)
        return Input(number, sort, requests.event_request(made, self._at), made)

    def good(self) -> Input:
        body = self._stage.good.body
        return Input(-1, "good event", requests.event_request(body, self._at), body)

    # Signed as Stripe signs

    def _mutated(self, chance: Random, number: int) -> bytes:
        event = self._event(chance, number)
        others = (*self._stage.templates, {"data": {"object": chance.choice(self._stage.sessions)}})
        return odd_json.written(odd_json.mutated(chance, event, others))

    def _wrong_session(self, chance: Random, number: int) -> bytes:
        """A payment of a session, told with one or two things that cannot be."""
        session = orjson.loads(chance.choice(self._sessions))
        session |= {"status": "complete", "payment_status": "paid"}
        session["payment_intent"] = session["payment_intent"] or f"pi_fuzz_{number}"
        event = self._shown(session, chance.choice(("completed", "completed", "async_payment_succeeded")), number)
        for change in chance.sample(self._wrongs(), chance.choice((1, 1, 2))):
            change(chance, event, session)
        return odd_json.written(event)

    def _broken(self, chance: Random, number: int) -> bytes:
        return odd_json.broken(chance, orjson.dumps(self._event(chance, number)))

    def _again(self, chance: Random, number: int) -> bytes:
        return orjson.dumps(self._event(chance, number))

    # Not so

    def _badly_signed(self, chance: Random, number: int) -> Request:
        return requests.badly_signed(chance, self._unheard(chance, number), self._at)

    def _strange(self, chance: Random, number: int) -> Request:
        return requests.strange(chance, self._unheard(chance, number), self._at)

    def _telegram(self, chance: Random, number: int) -> Request:
        update = {"update_id": number, "message": {"text": "/start", "from": {"id": 1}, "chat": {"id": 1}}}
        body = odd_json.written(odd_json.mutated(chance, update, self._stage.templates))
        return requests.update_request(chance, body)

    # What they are made from

    def _event(self, chance: Random, number: int) -> Json:
        """An event whose news is old, under an id of its own."""
        return {**chance.choice(self._stage.templates), "id": f"evt_fuzz_{number}"}

    def _unheard(self, chance: Random, number: int) -> bytes:
        """News that would change something, if it were believed."""
        session = {**chance.choice(self._stage.sessions), "status": "complete", "payment_status": "paid"}
        session["payment_intent"] = session["payment_intent"] or f"pi_fuzz_{number}"
        return orjson.dumps(self._shown(session, "completed", number))

    def _shown(self, session: Json, kind: str, number: int) -> Json:
        event: Json = {"id": f"evt_fuzz_{number}", "object": "event", "type": f"checkout.session.{kind}"}
        return event | {"created": self._at, "livemode": False, "data": {"object": session}}

    def _wrongs(self) -> list[Wrong]:
        return [_mode, _amount, _currency, _kind, _identity, _status, _time, _payment, _person, _type, self._metadata]

    def _metadata(self, chance: Random, _: Json, session: Json) -> None:
        """Somebody else's session with our words on it."""
        session["id"] = f"cs_test_forged{chance.randrange(10**6)}"
        session["metadata"] = chance.choice([*self._marks, *self._marks, None, [], {"guichet_shop": ["x"]}, "x"])


def _mode(chance: Random, event: Json, session: Json) -> None:
    event["livemode"] = session["livemode"] = chance.choice((True, True, True, "true", 1, None, []))


def _amount(chance: Random, _: Json, session: Json) -> None:
    right = session["amount_total"]
    assert isinstance(right, int)
    odd: Odd = (
        right - 1,
        right + 1,
        right * 100,
        -right,
        0,
        str(right),
        float(right),
        None,
        True,
        [right],
        2**63,
        2**64 - 1,
    )
    session["amount_total"] = chance.choice(odd)


def _currency(chance: Random, _: Json, session: Json) -> None:
    session["currency"] = chance.choice(("usd", "jpy", "kwd", "xxx", "", "EUR ", "euro", None, 978, ["eur"], "\0eur"))


def _kind(chance: Random, _: Json, session: Json) -> None:
    session["mode"] = chance.choice(("subscription", "setup", "", None, ["payment"], "PAYMENT", 1))


def _identity(chance: Random, _: Json, session: Json) -> None:
    right = str(session["id"])
    odd: Odd = (
        right[:-1],
        right.upper(),
        f"{right} ",
        f"{right}x",
        "",
        None,
        [right],
        {"id": right},
        right * 20,
        7,
        "cs_nobody",
    )
    session["id"] = chance.choice(odd)


def _status(chance: Random, _: Json, session: Json) -> None:
    name = chance.choice(("status", "payment_status"))
    session[name] = chance.choice(("open", "PAID", "", "paid ", None, True, [], {}, ["paid"], {"paid": 1}, 1, "unpaid"))


def _time(chance: Random, event: Json, session: Json) -> None:
    holder, name = chance.choice(((event, "created"), (session, "expires_at")))
    holder[name] = chance.choice((None, "now", 2**63 - 1, -(2**63), 10**12, -1, 0, 0.5, True, [], 253402300800))


def _payment(chance: Random, _: Json, session: Json) -> None:
    odd: Odd = (
        None,
        "",
        [],
        {},
        {"id": None},
        {"id": "pi_x", "status": []},
        {"id": "pi_x", "status": "canceled"},
        "p" * 500,
        1,
    )
    session["payment_intent"] = chance.choice(odd)


def _person(chance: Random, _: Json, session: Json) -> None:
    odd: Odd = ("\u202e<b>Rob</b>", "🦊" * 3000, "a\0b", "", None, [], {"name": "x"}, "\n" * 50, "x" * 5000)
    session["customer_details"] = chance.choice(
        ({"name": chance.choice(odd), "email": chance.choice(odd)}, [], "x", None)
    )
    session["livemode"] = True


def _type(chance: Random, event: Json, _: Json) -> None:
    odd: Odd = (
        "checkout.session", "checkout.session.completed ", "CHECKOUT.SESSION.COMPLETED", "a" * 80, "a" * 81, "", None,
        [], 1, "é.ü", "checkout.session.async_payment_failed", "refund.updated", "charge.dispute.created",
        "charge.refunded",
    )  # fmt: skip
    event["type"] = chance.choice(odd)
