"""The same as bot.py, for `python -m bot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
