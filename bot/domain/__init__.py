"""The rules of the shop: pure functions and frozen values, without a thought for databases or networks."""
