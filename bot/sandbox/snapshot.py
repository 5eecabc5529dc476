"""The simulated world as the page shows it: one JSON object, bounded in size."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict

import orjson

from bot.sandbox.stripe.cards import CARDS
from bot.sandbox.stripe.deliveries import Delivery, Mode
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.results import JsonObject
from bot.sandbox.world import BOT_NAME, Person, World

TONGUES = {"en": "English", "fr": "French"}
MESSAGES, SESSIONS, EVENTS, PAYMENTS, NOTICES = 150, 20, 30, 20, 20


def snapshot(world: World, people: list[Person]) -> dict[str, object]:
    """What the page shows, without the running time: equal worlds give equal snapshots."""
    deliveries = world.stripe.deliveries
    return {
        "offset": world.clock.offset.total_seconds(),
        "bot": {"username": world.telegram.username, "name": BOT_NAME},
        "people": [_person(world, person) for person in people],
        "sessions": _sessions(world.stripe),
        "cards": [{"slot": card.slot, "label": card.slot.replace("_", " ")} for card in CARDS],
        "events": [_event(world, event) for event in world.stripe.events()[:EVENTS]],
        "webhooks": {"mode": deliveries.mode, "modes": list(Mode)},
        "mails": len(world.mailbox.mails),
        "faults": faults_in_force(world),
        "ledger": ledger_rows(world.stripe)[: -PAYMENTS - 1 : -1],
    }


def version_of(state: dict[str, object]) -> str:
    return hashlib.blake2b(orjson.dumps(state), digest_size=9).hexdigest()


def faults_in_force(world: World) -> dict[str, object]:
    return {"rules": [asdict(rule) for rule in world.faults.rules()], "fired": world.faults.fired}


def ledger_rows(stripe: Stripe) -> list[dict[str, object]]:
    """The money per payment, oldest first, with the order that our mark names and its open disputes."""
    disputes = stripe.disputes()
    return [
        {
            **asdict(row),
            "order": row.metadata.get("guichet_order", ""),
            "disputes": [
                each["id"]
                for each in disputes
                if each["payment_intent"] == row.payment_intent and each["status"] not in {"won", "lost"}
            ],
        }
        for row in stripe.ledger()
    ]


def session_stage(stripe: Stripe) -> Callable[[JsonObject], str]:
    """Says of a session in one word where it is: open, expired, processing, paid or failed."""
    failed = {
        _object_of(event).get("id")
        for event in stripe.events()
        if event["type"] == "checkout.session.async_payment_failed"
    }

    def stage(session: JsonObject) -> str:
        if session["status"] != "complete":
            return str(session["status"])
        if session["payment_status"] != "unpaid":
            return "paid"
        return "failed" if session["id"] in failed else "processing"

    return stage


def _sessions(stripe: Stripe) -> list[dict[str, object]]:
    stage = session_stage(stripe)
    shown = ("id", "amount_total", "currency", "expires_at", "url")
    return [
        {**{name: each[name] for name in shown}, "reference": each["client_reference_id"], "stage": stage(each)}
        for each in stripe.sessions()[:SESSIONS]
    ]


def _event(world: World, event: JsonObject) -> dict[str, object]:
    created = event["created"]
    at = created * 1000 if isinstance(created, int) else 0
    ways = [delivery_view(each) for each in world.stripe.deliveries.of(str(event["id"]))]
    return {"id": event["id"], "type": event["type"], "created": at, "deliveries": ways}


def delivery_view(delivery: Delivery) -> dict[str, object]:
    statuses = [attempt.status for attempt in delivery.attempts]
    return {"state": delivery.state, "statuses": statuses, "due": delivery.due.isoformat()}


def _object_of(event: JsonObject) -> JsonObject:
    data = event["data"]
    found = data.get("object") if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _person(world: World, person: Person) -> dict[str, object]:
    groups = list(world.groups.items()) if person.role == "staff" else []
    private = (person.id, BOT_NAME)
    return {
        "id": person.id,
        "name": person.name,
        "language": person.language,
        "tongue": TONGUES.get(person.language, person.language),
        "role": person.role,
        "blocked": person.id in world.blocked,
        "chats": [_chat(world, person, chat, title) for chat, title in [private, *groups]],
        "notices": [notice.as_json() for notice in world.telegram.notices(person.id)[-NOTICES:]],
    }


def _chat(world: World, person: Person, chat: int, title: str) -> dict[str, object]:
    messages = [message.as_json() for message in world.telegram.messages(chat)[-MESSAGES:]]
    commands = [
        {"command": name, "description": words} for name, words in world.telegram.commands(person.id, chat_id=chat)
    ]
    return {"id": chat, "title": title, "group": chat < 0, "messages": messages, "commands": commands}
