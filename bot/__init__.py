"""A ticket window in Telegram that takes the money through Stripe Checkout."""

__version__ = "0.1.0"
