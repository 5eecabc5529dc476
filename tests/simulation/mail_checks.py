"""What must be true of letters and of promotion codes when all is well again."""

from collections.abc import Iterator

from tests.simulation.house import House

LETTERS = """SELECT orders.id, contact_email, (SELECT state FROM outbox WHERE channel = 'mail'
    AND key LIKE 'mail_booked:' || orders.id || ':%') FROM orders JOIN customer ON customer.id = orders.customer_id
    WHERE contact_email IS NOT NULL AND telegram_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM booking WHERE order_id = orders.id AND status = 'confirmed')"""
TAKEN_BACK = """SELECT booking.id, (SELECT state FROM outbox WHERE channel = 'mail'
    AND key LIKE 'mail_cancelled:' || orders.id || ':staff_cancelled:' || booking.id) FROM booking
    JOIN orders ON orders.id = order_id JOIN customer ON customer.id = orders.customer_id
    WHERE booking.status = 'cancelled' AND state = 'paid' AND contact_email IS NOT NULL AND telegram_id IS NOT NULL"""
OWNERS = """SELECT booking.code, telegram_id FROM booking JOIN customer ON customer.id = customer_id
    WHERE telegram_id IS NOT NULL"""
ASKED = """SELECT session_id, total, amount, role, payment.currency, orders.currency FROM payment
    JOIN orders ON orders.id = order_id JOIN customer ON customer.id = orders.customer_id
    WHERE role IN ('booked', 'mismatch') AND telegram_id IS NOT NULL"""
FREE = "SELECT session_id FROM payment WHERE payment_intent IS NULL AND amount <> 0"
ENDED = ("sent", "dead")
MOST_IN_DOUBT = 2


def letters(house: House) -> Iterator[str]:
    """Who gave an address has the letter, or a human knows; nobody gets one for ever, or somebody else's."""
    for order, _, state in house.disk.rows(LETTERS):
        if state not in ENDED:
            yield f"the letter of order {order} is {state}"
    for booking, state in house.disk.rows(TAKEN_BACK):
        if state not in ENDED:
            yield f"the letter about the cancelled booking {booking} is {state}"
    common = house.deaths
    for name, times in house.letters.items():
        if times > MOST_IN_DOUBT + common:
            yield f"letter {name[:6]} arrived {times} times, with excuses for {common}"
    owners = {str(code): address_of(chat) for code, chat in house.disk.rows(OWNERS)}
    for name, letter in house.readers.items():
        for word in letter.text.split():
            if owners.get(word, letter.to) != letter.to:
                yield f"letter {name[:6]} tells {letter.to} of {word}"


def codes(house: House) -> Iterator[str]:
    """What was booked was paid, but for what a code that was allowed took off; and such a code is honoured."""
    sessions = house.world.stripe._account.sessions
    for name, total, amount, role, currency, wanted in house.disk.rows(ASKED):
        session = sessions[str(name)]
        less = session.discount if session.promotion is not None else 0
        agreed = (amount, currency, session.subtotal) == (int(str(total)) - less, wanted, total)
        if agreed != (role == "booked"):
            yield f"{amount} {currency} for {total} {wanted} is {role}, a code took off {less}"
    for (name,) in house.disk.rows(FREE):
        yield f"{name} cost something, and has no payment"


def address_of(chat: object) -> str:
    """What a customer of the simulation gives as an address."""
    return f"c{chat}@example.org"
