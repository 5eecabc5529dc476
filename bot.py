"""Starts the program: `python bot.py run`; the package `bot` stands beside this file."""

from bot.cli import main

if __name__ == "__main__":
    main()
