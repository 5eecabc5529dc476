"""What a stranger can send in the chat: forged buttons, start parameters, texts and names of every sort, by number.

async with open_chat(database, clock) as chat:     # Ada has a paid booking and an order that she can pay
    await chat.play(range(1, 301))                 # the complaints about what Blaise has sent
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random

from structlog.testing import capture_logs
from telegram import Update
from telegram.ext import ContextTypes

from bot.sandbox.telegram.views import MessageView
from bot.sandbox.telegram.wire import Json
from handlers import taps
from handlers.callbacks import Action, base36
from storage import schema
from storage.database import Database
from tests.clock import FakeClock
from tests.fuzz.stage import AnyRow
from tests.handlers.counter import ADA, BLAISE, Counter, open_counter
from tests.handlers.walks import to_the_link, to_the_ticket
from tests.world import open_world

SEED = "chat"
SIGNS = (
    "<b>", "</b>", "<a href='tg://user?id=1001'>", "&lt;", "&amp", "*", "_", "`", "[x](http://evil.example)", "\u202e",
    "\u2066", "\u200f", "\0", "\b", "\x1b[31m", "\ud800", "\udfff", "\ufeff", "\uffff", "🦊", "👩‍👩‍👧",
    "🇫🇷", "é", "ß", "I", "e" + "\u0301" * 40, "\n", "\r\n", " ", "\u2028", "%s", "{name}", "%(name)s",
    "${x}", "' OR 1=1 --", "@guichet_bot", "/start", "tg://resolve?domain=x", "٣",
)  # fmt: skip
OF_AN_OWNER = (
    *(Action.I_HAVE_PAID, Action.CANCEL, Action.TRY_AGAIN, Action.BOOKING),
    *(Action.CALENDAR_FILE, Action.MAP),
)
START = (
    "r_sunrise",
    "r_lantern",
    "r_",
    "r_nowhere",
    "R_SUNRISE",
    "r_sunrise r_lantern",
    "r_sunrise_20261124",
    "r_sunrise_20261399",
    "r_lantern_99991231",
    "r__20261124",
    "b_1",
    "o_1",
    "t_1",
    "-",
    "_",
    "0",
    "1",
)
COMMANDS = (
    "start", "search", "bookings", "language", "help", "paysupport", "terms", "privacy", "mydata", "forgetme", "today",
    "sales", "attention", "cancel", "START", "start@guichet_bot", "start@other_bot", "bookings@", "",
)  # fmt: skip
LANGUAGES = ("en", "fr", "fr-CA", "xx", "", "\0", "a" * 60, "\ud800", "en_US.UTF-8", None, "../fr")
HARMLESS = ("message is not modified", "message to edit not found", "query is too old", "query ID is invalid")
"""What Telegram may say to a call of ours because of an old message or a tap that it has never seen."""
ENTITIES = ("bot_command", "text_link", "mention", "pre", "custom_emoji", "no_such_kind")


class Chat:
    def __init__(self, counter: Counter) -> None:
        self._counter, self._errors = counter, list[Exception]()
        self._secrets: list[str] = []
        self._owned: dict[str, list[AnyRow]] = {}
        counter.application.add_error_handler(self._note)

    async def prepare(self) -> None:
        counter = self._counter
        await to_the_ticket(counter, ADA)
        await to_the_link(counter, ADA)
        await counter.say(BLAISE, "/start")
        rows = {name: await self._rows(name) for name in ("orders", "booking", "payment", "claim", "checkout_attempt")}
        self._owned = rows
        hers = [rows["orders"], rows["booking"], rows["payment"]]
        names = ("code", "return_token", "ticket_token", "contact_email", "session_id", "payment_intent", "nonce")
        found = (row.get(name) for table in hers for row in table for name in names)
        self._secrets = sorted({str(value) for value in found if value} | {"Ada"})

    async def play(self, numbers: Sequence[int]) -> list[str]:
        found: list[str] = []
        with capture_logs() as entries:
            for number in numbers:
                entries.clear()
                found += [f"input {number}: {line}" for line in await self._one(number)]
        return found

    async def _one(self, number: int) -> list[str]:
        counter, update = self._counter, made(number, self._screen())
        shown, calls = len(counter.messages(BLAISE)), len(counter.telegram.journal)
        self._errors.clear()
        await self._take(update)
        said = "".join(
            _read(message) for message in counter.messages(BLAISE)[min(shown, len(counter.messages(BLAISE))) - 1 :]
        )
        said += "".join(notice.text for notice in counter.telegram.notices(BLAISE))
        wrong = [f"error {error!r} after {update!r}" for error in self._errors]
        wrong += [f"{secret!r} is shown after {update!r}" for secret in self._secrets if secret in said]
        wrong += [
            f"{entry.method}: {entry.description} after {update!r}"
            for entry in list(counter.telegram.journal)[calls:]
            if entry.status != 200 and not any(known in entry.description for known in HARMLESS)
        ]
        return wrong + await self._changed()

    async def _take(self, update: dict[str, object]) -> None:
        """As it would arrive: as JSON in which a surrogate may stand alone."""
        counter = self._counter
        read = Update.de_json(json.loads(json.dumps(update)), counter.application.bot)
        await taps.answer_early(read)
        await counter.application.process_update(read)
        await counter.turn()

    async def _changed(self) -> list[str]:
        """What is Ada's is as it was; Blaise may hold something of his own."""
        return [
            f"{name} of Ada changed: {row}"
            for name, rows in self._owned.items()
            for row in await self._rows(name)
            if row not in rows and self._is_adas(row)
        ]

    def _is_adas(self, row: AnyRow) -> bool:
        orders = {order["id"] for order in self._owned["orders"]}
        return row.get("order_id", row["id"] if "nonce" in row else None) in orders

    async def _rows(self, name: str) -> list[AnyRow]:
        table = schema.metadata.tables[name]
        return [
            {str(key): value for key, value in row._mapping.items()} for row in await self._counter.world.rows(table)
        ]

    def _screen(self) -> int:
        messages = self._counter.messages(BLAISE)
        return messages[-1].id if messages else 1

    async def _note(self, _: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if context.error is not None:
            self._errors.append(context.error)


@asynccontextmanager
async def open_chat(database: Database, clock: FakeClock) -> AsyncIterator[Chat]:
    async with open_world(database, clock) as world, open_counter(world) as counter:
        chat = Chat(counter)
        await chat.prepare()
        yield chat


def made(number: int, screen: int) -> dict[str, object]:
    """The update of that number, from Blaise."""
    chance = Random(f"{SEED} {number}")
    person = _person(chance)
    chat = {"id": BLAISE, "type": "private", "first_name": person["first_name"]}
    if number % 8 == 0:
        return {"update_id": number, "inline_query": {"id": f"i{number}", "from": person, **_asked(chance)}}
    message = {"message_id": screen, "date": 1_795_000_000, "chat": chat}
    if chance.randrange(2):
        query: dict[str, object] = {
            "id": f"q{number}",
            "from": person,
            "chat_instance": "c",
            "data": callback_data(chance),
        }
        return {"update_id": number, "callback_query": {**query, "message": {**message, "text": "x"}}}
    sent = {**message, "message_id": 10**6 + number, "from": person, **_content(chance)}
    return {"update_id": number, "message": sent}


def _asked(chance: Random) -> dict[str, object]:
    """What stands behind the bot's name in some chat."""
    words = chance.choice(("", "sunrise", "a", odd_text(chance)))[:256]
    offset = chance.choice(("", "", "50", "-1", "9" * 64, odd_text(chance, 3)))[:64]
    return {"query": words, "offset": offset, "chat_type": chance.choice(("sender", "group", "channel", "x"))}


def _read(message: MessageView) -> str:
    """All words of a message, the name of its file among them."""
    return message.text + (message.document.name if message.document else "")


def callback_data(chance: Random) -> str:
    if chance.randrange(3) == 0:
        return f"1:{chance.choice(OF_AN_OWNER)}:{chance.randrange(1, 4)}"
    action = chance.choice([*Action, "x", "xs", "xc", "xi", "xa", "xo", "xt", "xd", "xw", ""])
    fields = [_field(chance) for _ in range(chance.randrange(5))]
    data = ":".join((chance.choice("1111102"), action, *fields))
    return chance.choice((data, data, data, odd_text(chance, 4)))[:64] or "\0"


def odd_text(chance: Random, most: int = 12) -> str:
    parts = [chance.choice((*SIGNS, "abc", "42", "Rob")) for _ in range(chance.randrange(most))]
    return "".join(parts) * chance.choice((1, 1, 1, 1, 40, 900))


def _field(chance: Random) -> str:
    few, many = base36(chance.randrange(6)), base36(chance.randrange(10**9))
    odd = (
        "-1",
        "0",
        "zzzzzzzzzzzz",
        "1.1",
        "1.0",
        "1.1-2.1",
        "9.9",
        "1.7ps",
        "AAAAAAAA",
        "fr",
        "en",
        "kglz",
        "",
        "1" * 30,
    )
    return chance.choice((few, few, few, many, chance.choice(SIGNS), *odd))


def _person(chance: Random) -> dict[str, Json]:
    name = odd_text(chance) if chance.randrange(3) == 0 else "Blaise"
    return {
        "id": BLAISE,
        "is_bot": False,
        "first_name": name[:5000],
        "last_name": odd_text(chance, 3)[:5000],
        "username": chance.choice(("blaise", "", "a_b", None)),
        "language_code": chance.choice(LANGUAGES),
    }


def _content(chance: Random) -> dict[str, object]:
    kinds: tuple[Callable[[Random], dict[str, object]], ...] = (_command, _command, _start, _plain, _thing)
    return chance.choice(kinds)(chance)


def _start(chance: Random) -> dict[str, object]:
    return _said(f"/start {chance.choice((chance.choice(START), chance.choice(START), odd_text(chance)))}", "/start")


def _command(chance: Random) -> dict[str, object]:
    command = f"/{chance.choice(COMMANDS)}"
    return _said(f"{command} {odd_text(chance, 3)}", command)


def _plain(chance: Random) -> dict[str, object]:
    text = odd_text(chance)[:5000] or "x"
    kind = chance.choice(ENTITIES)
    return {"text": text, "entities": [{"type": kind, "offset": chance.randrange(9), "length": chance.randrange(1, 9)}]}


def _thing(chance: Random) -> dict[str, object]:
    file = {
        "file_id": "f",
        "file_unique_id": "u",
        "file_name": chance.choice(("shop.toml", "a.zip", odd_text(chance, 3))),
    }
    things: tuple[dict[str, object], ...] = (
        {"document": {**file, "file_size": chance.choice((0, 10, 10**12))}, "caption": odd_text(chance)[:1024]},
        {"location": {"latitude": 0.0, "longitude": 0.0}},
        {"contact": {"phone_number": "1", "first_name": odd_text(chance, 3)}},
        {"sticker": {**file, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        {"new_chat_title": odd_text(chance, 3)},
        {"dice": {"emoji": "🎲", "value": 6}},
    )
    return chance.choice(things)


def _said(text: str, command: str) -> dict[str, object]:
    return {"text": text[:4096], "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}
