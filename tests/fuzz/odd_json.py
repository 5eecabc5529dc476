"""JSON as no honest sender writes it: values of other types, keys lost, doubled or renamed, and bytes that are no JSON.

mutated(chance, value, others)        # a copy with one to four changes; `others` lends values from elsewhere
written(value)                        # its bytes; a `Raw` stands in them as it is
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import orjson

RAW_MARK = "raw%d~"


@dataclass(frozen=True)
class Raw:
    """Bytes that stand where a value should."""

    content: bytes


NUMBERS = (
    0,
    -1,
    1,
    7,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**64 - 1,
    -(2**63),
    0.5,
    -0.0,
    1e308,
    253402300800,
)
TEXTS = (
    "", " ", "0", "-1", "true", "null", "NaN", "\0", "a\0b", "\r\nX-Header: 1", "<b>bold</b>", "&lt;",
    "\u202egro.live", "👩‍👩‍👧",
    "é", "e\u0301", "\ufeff", "\uffff", "' OR 1=1 --", "{}", "%s%n", "../../etc/passwd", "$" * 101, "a" * 5000,
    "🦊" * 2000,
    "paid", "unpaid", "open", "complete", "expired", "no_payment_required", "succeeded", "failed",
    "requires_payment_method",
    "usd", "EUR", "xyz", "jpy", "cs_test_nobody", "pi_nobody", "re_nobody", "evt_nobody", "subscription",
    "charge.refunded",
    "checkout.session.completed", "checkout.session.expired", "refund.created", "charge.dispute.closed",
    "v2.core.account",
)  # fmt: skip
RAWS = (
    b"NaN", b"Infinity", b"-Infinity", b"1e400", b"1e-400", b"1E5", b"01", b"+1", b"0x10", b"1_0", b"9" * 400,
    b"-" + b"9" * 40,
    b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83e\\udd8a"', b'"\\u0000"', b'"\\x41"', b'"\xff\xfe"',
    b'"\xed\xa0\x80"', b'"\n"', b"'a'",
    b"undefined", b"tRUE", b"", b"[" * 40 + b"]" * 40, b"[" * 900 + b"]" * 900, b"[" * 3000,
    b'{"a":' * 300 + b"1" + b"}" * 300,
    b"[" + b"0," * 2000 + b"0]", b"/**/1", b"1,", b'1,"id":"evt_doubled"', b'1,"type":"refund.created"',
    b'1,"livemode":true',
)  # fmt: skip


READ = frozenset({
    "id", "type", "data", "object", "livemode", "created", "status", "payment_status", "mode", "amount_total",
    "amount",
    "currency", "payment_intent", "metadata", "expires_at", "customer_details", "name", "email", "reason", "url",
    "guichet_shop", "guichet_order", "guichet_attempt", "guichet_refund",
})  # fmt: skip
"""What the program reads; every other change falls on one of these."""


@dataclass(frozen=True, eq=False)
class Place:
    """Where a value stands in a JSON document."""

    holder: dict[str, object] | list[object]
    key: str | int

    def get(self) -> object:
        if isinstance(self.holder, list):
            return self.holder[int(self.key)]
        return self.holder[str(self.key)]

    def put(self, value: object) -> None:
        if isinstance(self.holder, list):
            self.holder[int(self.key)] = value
        else:
            self.holder[str(self.key)] = value

    def drop(self) -> None:
        if isinstance(self.holder, list):
            del self.holder[int(self.key)]
        else:
            del self.holder[str(self.key)]


def mutated(chance: Random, document: object, others: Sequence[object]) -> object:
    changed = orjson.loads(orjson.dumps(document))
    found = list(places(changed))
    read = [place for place in found if place.key in READ] or found
    for place in dict.fromkeys(
        chance.choice(chance.choice((found, read))) for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4)))
    ):
        with suppress(LookupError):  # an earlier change has taken the place away
            chance.choice(CHANGES)(chance, place, others)
    return changed


def places(document: object) -> Iterator[Place]:
    """Every place in a document."""
    if isinstance(document, dict | list):
        keys = list(document) if isinstance(document, dict) else range(len(document))
        for key in keys:
            place = Place(document, key)
            yield place
            yield from places(place.get())


def odd_value(chance: Random) -> object:
    kind = chance.randrange(8)
    if kind < 2:
        return chance.choice(NUMBERS)
    if kind < 4:
        return chance.choice(TEXTS)
    if kind < 6:
        return Raw(chance.choice(RAWS))
    return chance.choice((None, True, False, [], {}, [None], {"id": None}, {"id": "pi_nobody"}, [[]], {"": ""}))


def written(value: object) -> bytes:
    raws: list[bytes] = []

    def placeholder(each: Raw) -> str:
        raws.append(each.content)
        return RAW_MARK % (len(raws) - 1)

    body = orjson.dumps(_replaced(value, placeholder))
    for number, raw in enumerate(raws):
        body = body.replace(b'"%s"' % (RAW_MARK % number).encode(), raw)
    return body


def broken(chance: Random, body: bytes) -> bytes:
    """The same bytes, but for one accident."""
    at, upto = sorted((chance.randrange(len(body)), chance.randrange(len(body))))
    cut, noise = body[at:upto][:4000], bytes([chance.randrange(256)])
    odd_start = chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"[", b"\x1f\x8b\x08", b" " * 3000))
    odd_end = chance.choice((b"\0", b"}", b"{}", b",", b"\n\n", body[:100]))
    return chance.choice((
        body[:at],
        body[:at] + noise + body[at + 1 :],
        body[:at] + chance.randbytes(chance.randrange(1, 9)) + body[at:],
        body[:at] + body[upto:],
        body[:at] + cut + cut + body[upto:],
        odd_start + body,
        body + odd_end,
    ))  # fmt: skip


def _drop(_: Random, place: Place, __: Sequence[object]) -> None:
    place.drop()


def _odd(chance: Random, place: Place, _: Sequence[object]) -> None:
    place.put(odd_value(chance))


def _other_type(chance: Random, place: Place, _: Sequence[object]) -> None:
    value = place.get()
    words = value if isinstance(value, str) else written(value).decode(errors="replace")
    place.put(chance.choice(([value], {"id": value}, {"0": value}, words, f" {words}", len(words), bool(value))))


def _borrowed(chance: Random, place: Place, others: Sequence[object]) -> None:
    """The value that stands under the same name elsewhere, or any other value."""
    lent = list(places(chance.choice(others)))
    namesakes = [other for other in lent if other.key == place.key]
    place.put(orjson.loads(orjson.dumps(chance.choice(namesakes or lent).get())))


def _near(chance: Random, place: Place, _: Sequence[object]) -> None:
    """A little beside what it should be."""
    value = place.get()
    if isinstance(value, bool):
        place.put(not value)
    elif isinstance(value, int | float):
        place.put(value + chance.choice((-1, 1, 100, -value, value)))
    elif isinstance(value, str):
        place.put(chance.choice((value[:-1], f"{value}\0", f"{value} ", value.upper(), value * 9, value[::-1])))
    else:
        place.put(None)


def _renamed(chance: Random, place: Place, _: Sequence[object]) -> None:
    value = place.get()
    place.drop()
    if isinstance(place.holder, dict):
        place.holder[chance.choice((f"{place.key} ", str(place.key).upper(), "", "\0", "__proto__"))] = value


def _doubled(chance: Random, place: Place, _: Sequence[object]) -> None:
    """Two values under one name: which of them counts?"""
    first, name = written(place.get()), orjson.dumps(str(place.key))
    second = written(odd_value(chance)) or b"null"
    place.put(Raw(first + b"," + name + b":" + second if isinstance(place.holder, dict) else first + b"," + second))


Change = Callable[[Random, Place, Sequence[object]], None]
CHANGES: tuple[Change, ...] = (_drop, _odd, _odd, _odd, _other_type, _borrowed, _near, _near, _renamed, _doubled)


def _replaced(value: object, placeholder: Callable[[Raw], str]) -> object:
    if isinstance(value, Raw):
        return placeholder(value)
    if isinstance(value, dict):
        return {key: _replaced(each, placeholder) for key, each in value.items()}
    return [_replaced(each, placeholder) for each in value] if isinstance(value, list) else value
