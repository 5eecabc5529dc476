"""Whoever adds a column about people must think of those who want to see it, and of those who want it gone."""

from sqlalchemy import Column, Table

from storage.schema import booking, customer, metadata, orders, payment

COPIED_AND_ERASED = {
    *("orders", "order_line", "checkout_attempt", "payment", "refund", "booking", "attention"),
    *("review", "basket_entry", "draft_answer", "answer", "ticket_picture", "waiting"),
}
SAYS_NOTHING = {"claim"}  # how many units an order has taken
CUSTOMER = {
    *("id", "telegram_id", "name", "telegram_language", "language", "blocked_at", "created_at", "seen_at"),
    "asked",
}
SIGNS_OF_PEOPLE = ("name", "phone", "email", "mail", "telegram", "chat", "address", "actor", "body", "parameters")
NAMES_OF_THINGS = {
    *("shop.name", "category.name", "resource.name", "resource.address", "fare.name", "media.telegram_file_id"),
    "ticket_picture.telegram_file_id",
}
KNOWN = {
    *("customer.name", "customer.telegram_id", "customer.telegram_language", "audit.actor", "inbox.body"),
    *("orders.contact_name", "orders.contact_phone", "orders.contact_email", "outbox.chat_id"),
    "checkout_attempt.parameters",
}


def hang_on(owners: set[Table]) -> set[str]:
    """The tables with a reference to one of these."""
    return {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table in owners for key in table.foreign_keys)
    }


def test_every_table_that_hangs_on_a_customer_is_copied_and_erased() -> None:
    assert hang_on({customer, orders, payment, booking}) == COPIED_AND_ERASED | SAYS_NOTHING


def test_every_column_of_a_customer_is_erased_or_says_nothing() -> None:
    assert {column.name for column in customer.columns} == CUSTOMER


def test_no_column_about_people_is_overlooked() -> None:
    columns: list[Column[object]] = [column for table in metadata.tables.values() for column in table.columns]
    found = {str(column) for column in columns if any(sign in column.name for sign in SIGNS_OF_PEOPLE)}
    assert found == KNOWN | NAMES_OF_THINGS
