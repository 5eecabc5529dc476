"""The steps that lead from one form of the tables to the next."""
