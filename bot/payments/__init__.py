"""The way to Stripe: calls, signatures, and the translation of its words into the domain's facts."""
