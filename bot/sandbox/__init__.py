"""The simulated outside world: Telegram, Stripe, the customers' screens and a clock that can be moved."""
