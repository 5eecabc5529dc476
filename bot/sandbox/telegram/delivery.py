"""Updates to a webhook: in order, each until it is taken."""

import asyncio
from contextlib import suppress

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.updates import Update
from bot.sandbox.telegram.webhooks import Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of a header
PATIENCE = ClientTimeout(total=30)


class Delivery:
    """Runs as one task; `pause_seconds` pass before an update that was not taken is tried again."""

    def __init__(self, telegram: Telegram, pause_seconds: float) -> None:
        self._telegram = telegram
        self._pause_seconds = pause_seconds
        self._changed = asyncio.Event()

    async def run(self) -> None:
        stop = self._telegram.listen(self._changed.set)
        try:
            async with ClientSession(timeout=PATIENCE) as session:
                while True:
                    await self._step(session)
        finally:
            stop()

    async def _step(self, session: ClientSession) -> None:
        self._changed.clear()
        webhook, update = self._telegram.webhook, self._telegram.next_update()
        if webhook is None or update is None:
            await self._changed.wait()
        elif failure := await _post(session, webhook, update):
            self._telegram.delivery_failed(failure)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_seconds):
                    await asyncio.Event().wait()
        else:
            self._telegram.delivered(update)


async def _post(session: ClientSession, webhook: Webhook, update: Update) -> str:
    """Why it was not taken; empty for a 2xx."""
    headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
    try:
        async with session.post(webhook.url, json=update.as_json(), headers=headers, allow_redirects=False) as answer:
            if 200 <= answer.status < 300:
                return ""
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except (ClientError, TimeoutError) as error:
        return f"Connection failed: {type(error).__name__}"
