"""Answers to /help, /terms, /privacy and /paysupport."""

from bot.domain.catalogue import ShopView
from bot.domain.keeping import ANSWERS, COMMENT_MONTHS, ENDED_MESSAGES, EVENT_BODIES, UNSEEN_MONTHS
from handlers.callbacks import Action
from handlers.context import House
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act, home_row
from handlers.texts import Texts
from handlers.visits import Visit


def help_screen(texts: Texts, house: House) -> Screen:
    return Screen(
        title=texts.gettext("How it works"),
        blocks=(
            texts.gettext("Choose, tap “Hold and pay”, and pay by card on Stripe’s page. Your ticket then comes here."),
            gap(_commands(texts)),
            gap(texts.gettext("A question? Write to {support}.", support=house.support)),
        ),
        rows=(home_row(texts), (act(texts.gettext("My bookings"), Action.BOOKINGS, 1),)),
    )


def _commands(texts: Texts) -> str:
    return "\n".join(f"/{name} · {says}" for name, says in command_list(texts))


def command_list(texts: Texts) -> tuple[tuple[str, str], ...]:
    """The commands that everybody has, with what they do."""
    return (
        ("start", texts.gettext("What is on offer")),
        ("search", texts.gettext("Search for words")),
        ("bookings", texts.gettext("Your bookings")),
        ("language", texts.gettext("Change the language")),
        ("help", texts.gettext("How it works")),
        ("paysupport", texts.gettext("Help with a payment")),
        ("terms", texts.gettext("Terms")),
        ("privacy", texts.gettext("Privacy")),
    )


def terms_screen(shop: ShopView, texts: Texts, house: House) -> Screen:
    own = texts.own(shop.terms).strip()
    usual = texts.gettext("You buy from {shop}. Payment is taken by Stripe.", shop=texts.own(shop.name))
    return Screen(
        title=texts.gettext("Terms"),
        blocks=(usual, gap(own), gap(texts.gettext("A question? Write to {support}.", support=house.support))),
        rows=(_page(texts.gettext("All terms"), house.terms_url), home_row(texts)),
    )


def privacy_screen(shop: ShopView, texts: Texts, house: House) -> Screen:
    own = texts.own(shop.privacy_note).strip()
    return Screen(
        title=texts.gettext("Privacy"),
        blocks=(
            texts.gettext(
                "We keep your Telegram name and user ID, your language, your orders, and what you give when you pay."
            ),
            texts.gettext("Stripe takes the payment: your card’s number never reaches us."),
            gap(_how_long(texts, house)),
            gap(own),
            gap(
                texts.gettext(
                    "/mydata sends you what we keep about you, /forgetme erases it. A question? Write to {support}.",
                    support=house.support,
                )
            ),
        ),
        rows=(_page(texts.gettext("Privacy policy"), house.privacy_url), home_row(texts)),
    )


def _how_long(texts: Texts, house: House) -> str:
    """The promises that the shop keeps by itself."""
    return "\n".join(
        (
            texts.ngettext(
                "What you bought and paid: {count} year, for the books.",
                "What you bought and paid: {count} years, for the books.",
                house.keep_years,
            ),
            texts.ngettext(
                "What Stripe reports, and our messages to you: {count} day.",
                "What Stripe reports, and our messages to you: {count} days.",
                max(EVENT_BODIES, ENDED_MESSAGES).days,
            ),
            texts.ngettext(
                "What you write about a visit: {count} month.",
                "What you write about a visit: {count} months.",
                COMMENT_MONTHS,
            ),
            texts.ngettext(
                "What you answer before a visit: {count} day after it.",
                "What you answer before a visit: {count} days after it.",
                ANSWERS.days,
            ),
            texts.ngettext(
                "If you never buy anything: {count} month after your last visit.",
                "If you never buy anything: {count} months after your last visit.",
                UNSEEN_MONTHS,
            ),
        )
    )


def paysupport_screen(texts: Texts, house: House) -> Screen:
    return Screen(
        title=texts.gettext("Help with a payment"),
        blocks=(
            texts.gettext("Paid, and no ticket yet? Tap “I have paid” under your order: I then ask Stripe at once."),
            texts.gettext("If a payment came too late, it goes back in full; that takes 5 to 10 days."),
            gap(
                texts.gettext(
                    "For anything else write to {support} and name the code of your booking.", support=house.support
                )
            ),
        ),
        rows=((act(texts.gettext("My bookings"), Action.BOOKINGS, 1),), home_row(texts)),
    )


def _page(label: str, address: str | None) -> Row:
    return (Button(label, url=address),) if address else ()


async def show_help(visit: Visit) -> None:
    await visit.show(help_screen(visit.texts, visit.desk.house))


async def show_terms(visit: Visit) -> None:
    shop = (await visit.desk.browsing.home()).shop
    await visit.show(terms_screen(shop, visit.texts, visit.desk.house))


async def show_privacy(visit: Visit) -> None:
    shop = (await visit.desk.browsing.home()).shop
    await visit.show(privacy_screen(shop, visit.texts, visit.desk.house))


async def show_paysupport(visit: Visit) -> None:
    await visit.show(paysupport_screen(visit.texts, visit.desk.house))
