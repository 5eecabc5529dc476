"""Calls of the Bot API over aiohttp, because the library's own client is many times slower under load."""

import io
import json
from typing import IO
from urllib.parse import urlencode

import aiohttp
import orjson
from aiohttp import ClientTimeout
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_UNUSABLE = b'{"ok":false}'
_CHUNK = 64 * 1024


class AiohttpRequest(BaseRequest):
    """One pool of connections; the library needs one of these for calls and one for long polling.

    Times are in seconds. No text of an error holds an address, since the addresses hold the bot's token.
    """

    __slots__ = ("_connect", "_connections", "_most_bytes", "_pool", "_read", "_session", "_usual", "_write")

    def __init__(
        self,
        *,
        connections: int = 64,
        connect_timeout: float = 5,
        read_timeout: float = 10,
        write_timeout: float = 20,
        pool_timeout: float = 5,
        most_bytes: int = 20 * 1024 * 1024,
    ) -> None:
        self._connections = connections
        self._connect = connect_timeout
        self._read = read_timeout
        self._write = write_timeout
        self._pool = pool_timeout
        self._most_bytes = most_bytes
        self._usual = _timeout(connect_timeout, read_timeout, write_timeout, pool_timeout)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"},
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of one call.

        Raises TimedOut, or NetworkError for everything else that went wrong on the way.
        """
        limits = self._limits(connect_timeout, read_timeout, write_timeout, pool_timeout)
        # Raised after the except blocks: an error must not carry the one that names the address.
        try:
            return await self._exchange(url, method, request_data, limits)
        except TimeoutError as exc:
            failure: NetworkError = TimedOut(f"Timed out ({type(exc).__name__})")
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            failure = NetworkError(type(exc).__name__)
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Leave out the keyboards under tapped messages: they take half of the time and nobody reads them."""
        try:
            parsed: object = orjson.loads(payload)
        except orjson.JSONDecodeError:
            parsed = _leniently(payload)
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response")
        result = parsed.get("result")
        if isinstance(result, list):
            for update in result:
                without_keyboard(update)
        return parsed

    async def _exchange(
        self, url: str, method: str, data: RequestData | None, limits: ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("This AiohttpRequest is not initialized")
        body, headers = _body(data)
        async with self._session.request(
            method, URL(url, encoded=True), data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            content = await self._read_body(response)
            if response.status >= 300 and not content.startswith(b"{"):
                # A proxy's error page may quote the address.
                return response.status, _UNUSABLE
            return response.status, content

    async def _read_body(self, response: aiohttp.ClientResponse) -> bytes:
        announced = response.content_length
        if announced is not None and announced <= self._most_bytes:
            return await response.read()
        received = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            received += chunk
            if len(received) > self._most_bytes:
                raise NetworkError(f"The answer has more than {self._most_bytes} bytes")
        return bytes(received)

    def _limits(self, connect: object, read: object, write: object, pool: object) -> ClientTimeout:
        usual = BaseRequest.DEFAULT_NONE
        if connect is usual and read is usual and write is usual and pool is usual:
            return self._usual
        return _timeout(
            _seconds(connect, self._connect),
            _seconds(read, self._read),
            _seconds(write, self._write),
            _seconds(pool, self._pool),
        )


def without_keyboard(update: object) -> None:
    """Take the keyboard from the message that was tapped, in an update as Telegram sends it."""
    match update:
        case {"callback_query": {"message": dict() as message}}:
            message.pop("reply_markup", None)


def _leniently(payload: bytes) -> object:
    try:
        return json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def _seconds(given: object, usual: float) -> float | None:
    if given is BaseRequest.DEFAULT_NONE:
        return usual
    return given if isinstance(given, int | float) else None


def _timeout(connect: float | None, read: float | None, write: float | None, pool: float | None) -> ClientTimeout:
    """The whole call is bounded as well: a server that trickles never exceeds the time between two reads."""
    parts = [part for part in (connect, read, write, pool) if part is not None]
    waiting = None if connect is None or pool is None else connect + pool
    total = sum(parts) if len(parts) == 4 else None
    return ClientTimeout(total=total, connect=waiting, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if data.contains_files:
        return _form(data), None
    parameters = data.json_parameters
    return (urlencode(parameters, errors="replace").encode(), _FORM) if parameters else (None, None)


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, _readable(content), filename=filename, content_type=kind)
    return form


def _readable(content: bytes | IO[bytes]) -> IO[bytes]:
    """Bytes are wrapped, because aiohttp sends large ones in one blocking piece."""
    return io.BytesIO(content) if isinstance(content, bytes) else content
