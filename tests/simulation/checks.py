"""What must be true when all faults have healed and four days have passed."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.sandbox.stripe.results import LedgerRow
from tests.simulation.basket_checks import broken_baskets
from tests.simulation.clock import world_now
from tests.simulation.house import House
from tests.simulation.mail_checks import codes, letters
from tests.simulation.move_checks import broken_moves
from tests.simulation.witness import Witness

SALES = "SELECT * FROM daily_sales WHERE orders OR guests OR gross OR refunded ORDER BY day, currency, resource_id"
UNFINISHED = {
    "events that nobody settled": "SELECT event_id, state FROM inbox WHERE state IN ('new', 'waiting')",
    "messages that nobody sent": "SELECT id, kind FROM outbox WHERE state = 'due' AND due_at < ?",
    "reminders that came too late": """SELECT id FROM outbox WHERE kind = 'reminder' AND state = 'sent'
        AND julianday(ended_at) > julianday(json_extract(data, '$.starts_at'), '+1 minute')""",
    "questions that came too early": """SELECT id FROM outbox WHERE kind = 'how_was_it' AND state = 'sent'
        AND julianday(ended_at) < julianday(json_extract(data, '$.ends_at'))""",
    "visits that nobody will be asked about": """SELECT code FROM booking
        JOIN inventory ON inventory.id = inventory_id JOIN customer ON customer.id = customer_id
        WHERE status = 'confirmed' AND ends_at IS NOT NULL AND telegram_id IS NOT NULL
        AND julianday(ends_at) > julianday(booking.created_at, '+2 hours')
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE key LIKE 'how_was_it:' || booking.id || ':%')""",
    "last calls that left the message of before": """SELECT called.id FROM outbox AS called
        WHERE kind = 'last_call' AND state = 'sent' AND NOT EXISTS (SELECT 1 FROM outbox AS moved
        WHERE moved.key LIKE 'card_moved:' || json_extract(called.data, '$.order_id') || ':%')
        AND NOT EXISTS (SELECT 1 FROM outbox AS lost WHERE lost.chat_id = called.chat_id AND lost.state = 'blocked')""",
    "orders brought back that left the message of before": """SELECT asked.id FROM outbox AS asked
        WHERE kind = 'card_again' AND state = 'sent' AND json_extract(data, '$.message_id') IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM outbox AS moved WHERE moved.key = 'card_moved:' ||
        json_extract(asked.data, '$.order_id') || ':' || json_extract(asked.data, '$.message_id'))""",
    "marks of visits that were not over": """SELECT booking_id FROM review JOIN booking ON booking.id = booking_id
        JOIN inventory ON inventory.id = inventory_id WHERE julianday(at) < julianday(ends_at)""",
    "comments that staff never heard of": """SELECT booking_id FROM review WHERE comment IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM outbox WHERE key LIKE iif(stars <= 2, 'low_mark:', 'comment:') || booking_id || ':%')""",
    "orders that never end": "SELECT code, state FROM orders WHERE state IN ('held', 'awaiting_payment', 'closing')",
    "orders whose bank has spoken": "SELECT code FROM orders WHERE state = 'processing'",
    "refunds that nobody asked for": "SELECT id FROM refund WHERE state = 'new'",
    "payments that nobody looked at": "SELECT id FROM payment WHERE look_at IS NOT NULL",
    "attempts that are asked about no more": "SELECT id FROM checkout_attempt WHERE state IN ('new', 'open')",
    "attempts that are overdue": "SELECT id, ask_at FROM checkout_attempt WHERE ask_at < ?",
    "seats that nobody counted": """SELECT inventory.id, taken, coalesce(sum(units), 0) AS claimed FROM inventory
        LEFT JOIN claim ON inventory_id = inventory.id GROUP BY inventory.id
        HAVING taken <> claimed OR taken < 0 OR taken > capacity""",
    "claims without a right to them": """SELECT code, state FROM orders JOIN claim ON order_id = orders.id
        WHERE state <> 'paid'""",
    "paid orders whose seats are not those that were ordered": """SELECT code FROM orders WHERE state = 'paid' AND
        (SELECT coalesce(sum(units), 0) FROM claim WHERE order_id = orders.id) <>
        (SELECT coalesce(sum(quantity * seats), 0) FROM order_line JOIN booking
        ON booking.order_id = order_line.order_id AND booking.inventory_id = coalesce(stay_id, order_line.inventory_id)
        WHERE order_line.order_id = orders.id AND status = 'confirmed')""",
    "paid orders without one set of bookings": """SELECT code FROM orders WHERE state = 'paid' AND
        coalesce(origin, '') <> 'move' AND (SELECT count(*) FROM booking WHERE order_id = orders.id) <>
        (SELECT count(DISTINCT coalesce(stay_id, inventory_id)) FROM order_line WHERE order_id = orders.id)""",
    "stays with a gap": """SELECT order_id FROM order_line JOIN inventory ON inventory.id = inventory_id
        JOIN resource ON resource.id = inventory.resource_id WHERE stay_id IS NOT NULL GROUP BY order_id, stay_id
        HAVING min(starts_at) <> (SELECT first.starts_at FROM inventory AS first WHERE first.id = stay_id) OR CASE
        json_extract(rules, '$.rental.step') WHEN 'hour' THEN min(local_day) <> max(local_day) OR
        abs(count(*) - (julianday(max(ends_at)) - julianday(min(starts_at))) * 24) > 0.01 ELSE
        count(*) <> julianday(max(local_day)) - julianday(min(local_day)) + 1 END""",
    "days of a stay that are not all held, or not for as many": """SELECT code FROM orders WHERE state = 'paid' AND
        EXISTS (SELECT 1 FROM order_line JOIN booking ON booking.order_id = order_line.order_id
        AND booking.inventory_id = stay_id AND status = 'confirmed' WHERE order_line.order_id = orders.id
        AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.order_id = orders.id AND units = quantity
        AND claim.inventory_id = order_line.inventory_id))""",
    "questions about a stay before its end": """SELECT outbox.id FROM outbox
        JOIN booking ON booking.id = json_extract(data, '$.booking_id')
        WHERE kind = 'how_was_it' AND outbox.state = 'sent' AND julianday(outbox.ended_at) <
        (SELECT max(julianday(ends_at)) FROM order_line JOIN inventory ON inventory.id = order_line.inventory_id
        WHERE order_line.order_id = booking.order_id AND stay_id = booking.inventory_id)""",
    "bookings of orders that are not paid": """SELECT orders.code FROM booking JOIN orders ON orders.id = order_id
        WHERE status = 'confirmed' AND state <> 'paid'""",
    "orders that were booked for more or less than one payment": """SELECT code FROM orders
        WHERE EXISTS (SELECT 1 FROM booking WHERE order_id = orders.id) AND
        (SELECT count(*) FROM payment WHERE order_id = orders.id AND role = 'booked') <> 1""",
    "bookings for another amount than was asked": """SELECT code FROM orders JOIN payment ON order_id = orders.id
        WHERE role = 'booked' AND (amount > total OR payment.currency <> orders.currency)""",
    "more given back than was taken": """SELECT payment.id FROM payment JOIN refund ON payment_id = payment.id
        WHERE refund.state IN ('pending', 'succeeded') GROUP BY payment.id
        HAVING sum(refund.amount) > payment.amount""",
    "refunds of more than was taken": """SELECT refund.id FROM refund JOIN payment ON payment.id = payment_id
        WHERE refund.amount > payment.amount""",
    "payments that we give back twice": """SELECT payment_id FROM refund WHERE reason NOT IN ('dashboard', 'moved')
        GROUP BY payment_id, coalesce(inventory_id, 0), reason HAVING count(*) > 1""",
    "payments that are not what was paid for each": """SELECT code FROM orders JOIN payment ON order_id = orders.id
        WHERE role = 'booked' AND amount <> (SELECT sum(paid) FROM booking WHERE order_id = orders.id)""",
    "payments that we give back in part": """SELECT payment_id FROM refund JOIN payment ON payment.id = payment_id
        WHERE reason <> 'dashboard' AND refund.amount <> payment.amount
        AND NOT EXISTS (SELECT 1 FROM refund part WHERE part.payment_id = payment.id AND inventory_id IS NOT NULL)""",
    "orders that are over and paid": """SELECT code FROM orders JOIN payment ON payment.order_id = orders.id
        WHERE state = 'paid' AND role = 'booked' AND amount > 0 AND refunded >= amount
        AND coalesce(origin, '') <> 'move'
        AND NOT EXISTS (SELECT 1 FROM booking WHERE order_id = orders.id AND status = 'confirmed')""",
    "promises that are not what is given back": """SELECT payment.id, refund_claimed, payment.amount FROM payment
        WHERE refund_claimed <> min(payment.amount, (SELECT coalesce(sum(refund.amount), 0) FROM refund
        WHERE payment_id = payment.id AND refund.state <> 'failed'))""",
    "orders of nobody that say whose they were": """SELECT orders.code FROM orders
        JOIN customer ON customer.id = orders.customer_id JOIN checkout_attempt ON order_id = orders.id
        WHERE telegram_id IS NULL AND (customer.name <> '' OR coalesce(contact_name, contact_phone, contact_email,
        card_message_id, url) IS NOT NULL OR parameters <> '{}')""",
    "orders that Stripe is asked for again and again": """SELECT code, count(*) FROM orders JOIN checkout_attempt
        ON order_id = orders.id GROUP BY code HAVING count(*) > 20""",
    "people who wait for what is not on offer": """SELECT waiting.id FROM waiting
        JOIN inventory ON inventory.id = inventory_id JOIN resource ON resource.id = resource_id
        WHERE closed OR NOT active""",
    "several orders from one summary": """SELECT nonce FROM orders GROUP BY customer_id, nonce HAVING count(*) > 1""",
}
PAYMENTS = """SELECT payment_intent, payment.id, role, amount, payment.currency, orders.state, session_id,
    (SELECT coalesce(sum(amount), 0) FROM refund WHERE payment_id = payment.id AND state IN ('pending', 'succeeded'))
    FROM payment LEFT JOIN orders ON orders.id = order_id WHERE payment_intent IS NOT NULL"""
CAME_BACK = "SELECT payment_intent FROM refund JOIN payment ON payment.id = payment_id WHERE refund.state = 'failed'"
CONCERNS = "SELECT kind, key, order_id FROM attention"
OWED = """SELECT booking.code, telegram_id, orders.id FROM booking JOIN orders ON orders.id = order_id
    JOIN customer ON customer.id = orders.customer_id WHERE status = 'confirmed' AND telegram_id IS NOT NULL
    ORDER BY booking.id"""
REMINDERS = """SELECT code, chat_id, count(*) FROM outbox
    JOIN booking ON booking.id = json_extract(data, '$.booking_id')
    WHERE kind = 'reminder' AND outbox.state <> 'skipped' GROUP BY code, chat_id"""
MARKED = """SELECT booking_id, telegram_id FROM review JOIN booking ON booking.id = booking_id
    JOIN customer ON customer.id = customer_id WHERE telegram_id IS NOT NULL"""
ANNOUNCED = "SELECT state FROM outbox WHERE key LIKE ? OR key LIKE ?"
DEAD = "SELECT id, kind FROM outbox WHERE state = 'dead' AND kind <> 'attention'"
SENT_BACK = """SELECT orders.id, reason, telegram_id FROM refund JOIN payment ON payment.id = payment_id
    JOIN orders ON orders.id = payment.order_id JOIN customer ON customer.id = orders.customer_id
    WHERE reason IN ('late', 'surplus') AND refund.state IN ('pending', 'succeeded') AND telegram_id IS NOT NULL"""
TOLD_BACK = "SELECT count(*) FROM outbox WHERE kind = 'refunded_' || ? AND key LIKE ? AND state IN ('sent', 'blocked')"
CANCELLED = """SELECT booking.id, telegram_id, coalesce(refund.amount, 0) + (SELECT coalesce(sum(extra.amount), 0)
    FROM refund AS extra JOIN payment AS more ON more.id = extra.payment_id
    JOIN orders AS move ON move.id = more.order_id
    WHERE move.moves_booking_id = booking.id AND extra.reason = 'cancelled'), refund.state, refund.id, refund.stripe_id,
    orders.id FROM booking JOIN orders ON orders.id = booking.order_id JOIN customer ON customer.id = orders.customer_id
    LEFT JOIN payment ON payment.order_id = orders.id AND role = 'booked'
    LEFT JOIN refund ON refund.payment_id = payment.id AND refund.inventory_id = booking.inventory_id
    AND reason = 'cancelled' WHERE booking.status = 'cancelled' AND telegram_id IS NOT NULL
    AND (orders.state = 'paid' OR refund.id IS NOT NULL)"""
TOLD_OF = "SELECT 1 FROM outbox WHERE key = ?"
TOLD = """SELECT CASE WHEN length(body) THEN json_extract(CAST(body AS TEXT), '$.id') ELSE event_id END, count(*)
    FROM inbox GROUP BY 1"""
SPARE = timedelta(minutes=5)


async def check(house: House, witness: Witness) -> None:
    """Every promise that was broken becomes a violation in the trace."""
    for broken in (
        *_unfinished(house),
        *_stored(house),
        *broken_baskets(house),
        *broken_moves(house),
        *_money(house),
        *_given_up(house),
        *_messages(house, witness),
        *_pages(house, witness),
        *letters(house),
        *codes(house),
    ):
        house.trace.violate(broken)
    await _check_sales(house)


def _unfinished(house: House) -> Iterator[str]:
    overdue = (world_now() - SPARE).replace(tzinfo=None).isoformat(" ")
    for what, query in UNFINISHED.items():
        found = house.disk.rows(query, overdue) if "?" in query else house.disk.rows(query)
        if found:
            yield f"{what}: {found[:3]}"


def _stored(house: House) -> Iterator[str]:
    """Events are Stripe's own and there once; orders cost what was confirmed; marks are their guests'."""
    made = set(house.world.stripe._account.events) | house.forged
    for told, count in house.disk.rows(TOLD):
        if told not in made or count != 1:
            yield f"event {told} is stored {count} times; Stripe made it: {told in made}"
    for nonce, total in house.disk.rows("SELECT nonce, total FROM orders WHERE origin IS NULL"):
        if total not in house.confirmed[str(nonce)]:
            yield f"an order costs {total}, confirmed was {house.confirmed[str(nonce)]}"
    for booking, chat in house.disk.rows(MARKED):
        if (chat, booking) not in house.marked:
            yield f"booking {booking} has a mark that is not its guest's"


def _money(house: House) -> Iterator[str]:
    """Every captured payment is booked, given back in full, or on the attention list; both books agree."""
    known = {row[0]: row[1:] for row in house.disk.rows(PAYMENTS)}
    concerns = house.disk.rows(CONCERNS)
    listed = {(str(kind), str(key).partition(":")[2]) for kind, key, _ in concerns}
    excused = house.strange | {str(intent) for (intent,) in house.disk.rows(CAME_BACK)}
    shop = house.world.secrets.bot_token.partition(":")[0]
    ours = [row for row in house.world.stripe.ledger() if row.metadata.get("guichet_shop") == shop]
    for row in ours:
        mine = known.pop(row.payment_intent, None)
        if mine is None:
            yield f"payment {row.payment_intent[-6:]} is silent"
            continue
        _, role, amount, currency, state, session, refunded = mine
        if (amount, currency, refunded) != (row.captured, row.currency.upper(), row.refunded):
            yield f"books differ on {row.payment_intent[-6:]}: {amount} {currency} {refunded}, Stripe: {row}"
        yield from _fate(row, str(role), str(state), str(session), listed, excused)
    for intent in known:
        yield f"payment {intent} is not one of Stripe's"


def _fate(
    row: LedgerRow, role: str, state: str, session: str, listed: set[tuple[str, str]], excused: set[str]
) -> Iterator[str]:
    """`excused`: strangers' sessions, and payments of which a refund has failed."""
    in_full = row.refunded == row.captured
    failed = row.payment_intent in excused and any(kind == "failed_refund" for kind, _ in listed)
    match role:
        case "booked":
            fine = state == "paid" or (state == "refunded" and (in_full or failed))
        case "surcharge":
            fine = state in {"paid", "refunded"}
        case "late" | "surplus":
            fine = in_full or failed
        case "mismatch":
            fine = ("amount_mismatch", session) in listed
        case _:
            fine = ("unmatched_payment", session) in listed and session in excused
    if not fine:
        yield f"payment {row.payment_intent[-6:]} is {role}, its order {state}, given back {row.refunded}"
    if row.disputed and not any(kind == "dispute" for kind, _ in listed):
        yield f"the dispute of {row.payment_intent[-6:]} is on no list"


def _given_up(house: House) -> Iterator[str]:
    """What was cancelled, its owner has confirmed, with the amount that goes back; and hears what became of it."""
    for booking, user, minor, state, refund, stripe_id, order in house.disk.rows(CANCELLED):
        if (user, booking, minor) not in house.given_up:
            yield f"booking {booking} of {user} is cancelled for {minor}, which nobody has confirmed"
        key = f"refunded:{order}:{stripe_id}" if state == "succeeded" else f"refund_failed:{order}:{refund}"
        if state in {"succeeded", "failed"} and not house.disk.rows(TOLD_OF, key):
            yield f"refund {refund} is {state}, and {user} has not been told"


def _messages(house: House, witness: Witness) -> Iterator[str]:
    """Every booking reached its owner, unless they were forgotten, with no more doubles than there is an excuse for."""
    excuses: Counter[int] = Counter()
    common = house.deaths
    for code, chat, order in house.disk.rows(OWED):
        user = int(str(chat))
        excuses[user] = common + witness.unsure[user]
        times = witness.tickets[str(code)]
        if times == 0 and user not in house.ever_blocked and not _told_staff(house, order):
            yield f"the owner of {code} never heard of it"
        if times > 1 + excuses[user]:
            yield f"the owner of {code} heard of it {times} times, with excuses for {excuses[user]}"
    yield from _reminders(house, witness, common)
    for number, kind in house.disk.rows(DEAD):
        if not house.disk.rows("SELECT 1 FROM attention WHERE key = ?", f"message:{number}"):
            yield f"message {number} ({kind}) died in silence"
    for order, reason, _ in house.disk.rows(SENT_BACK):
        if not house.disk.rows(TOLD_BACK, reason, f"refunded_{reason}:{order}:%")[0][0]:
            yield f"money of order {order} went back ({reason}) without a word"


def _reminders(house: House, witness: Witness, common: int) -> Iterator[str]:
    """Nobody is reminded more often than was planned, or twice in the same words, without an excuse."""
    for code, chat, planned in house.disk.rows(REMINDERS):
        excuses = common + witness.unsure[int(str(chat))]
        if witness.reminders[str(code)] > int(str(planned)) + excuses:
            yield f"the owner of {code} was reminded {witness.reminders[str(code)]} times, not {planned}"
        said = max((times for (of, _), times in witness.reminded.items() if of == code), default=0)
        if said > 1 + excuses:
            yield f"the owner of {code} was reminded {said} times in the same words"


def _told_staff(house: House, order: object) -> bool:
    """The message was dead, or its chat was gone; staff know."""
    states = {row[0] for row in house.disk.rows(ANNOUNCED, f"booked:{order}:%", f"booked_late:{order}:%")}
    return bool(states & {"dead", "blocked"})


def _pages(house: House, witness: Witness) -> Iterator[str]:
    """Nobody is left with a button to a payment page that is over, unless we cannot know of the message."""
    sessions = house.world.stripe._account.sessions
    for user in house.world.people:
        if user in house.ever_blocked or user in witness.forgotten or witness.unsure[user] or house.deaths:
            continue
        for message in house.world.telegram.messages(user):
            for row in message.keyboard:
                for button in row:
                    if "/stripe/pay/" in button.value and sessions[button.value.rsplit("/", 1)[-1]].status != "open":
                        yield f"{user} still has a button to a page that is over"


async def _check_sales(house: House) -> None:
    """The roll-up is what the ledger says."""
    before = house.disk.rows(SALES)
    application = house.application
    if application is None or await house.within(application.core.sales.rebuild()) is None:
        house.trace.violate("the shop is not open at the end")
    elif house.disk.rows(SALES) != before:
        house.trace.violate(f"the roll-up says {before}, the ledger {house.disk.rows(SALES)}")
