"""The way to the readers of letters: a mail server without a network, but with all that a mail server does."""

import asyncio
from collections import Counter
from datetime import datetime

from bot.domain.outbox import Undeliverable, Unsure
from bot.mail.letters import Letter
from bot.mail.post import TIMEOUT, Ambiguous
from tests.simulation.trace import Trace
from tests.simulation.weather import Death, Weather


class MailLine:
    """Letters of one life. `arrived` counts them by their name in all lives, `readers` says to whom they went."""

    def __init__(
        self, weather: Weather, die: Death, trace: Trace, arrived: Counter[str], readers: dict[str, Letter]
    ) -> None:
        self._weather, self._die, self._trace = weather, die, trace
        self._arrived, self._readers = arrived, readers

    async def send(self, letter: Letter, name: str, now: datetime) -> None:
        """As `bot.mail.post.Post`, in virtual time."""
        del now
        mishap = self._weather.draw("mail", "letter")
        await asyncio.sleep(self._weather.latency())
        match mishap:
            case "reset_before" | "error":
                raise Unsure(mishap)
            case "timeout_before":
                await asyncio.sleep(TIMEOUT)
                raise Unsure(mishap)
            case "refused":
                raise Undeliverable("SMTPRecipientRefused 550")
            case "crash_before":
                await self._die.here("before a letter")
        self._arrived[name] += 1
        self._readers[name] = letter
        self._trace.note(f"letter {name[:6]} to {letter.to}")
        match mishap:
            case "reset_after" | "truncated":
                raise Ambiguous(mishap)
            case "timeout_after":
                await asyncio.sleep(TIMEOUT)
                raise Ambiguous(mishap)
            case "crash_after":
                await self._die.here("after a letter")
