"""Log lines for people or for machines, from which no secret can be read, whoever wrote them."""

import json
import logging
import re
from collections.abc import Iterable
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

HIDDEN = "[hidden]"

# Shorter texts are found in too many innocent places.
_SHORTEST_SECRET = 6
_SHAPES = (
    r"\d{1,20}(?::|%3A)[A-Za-z0-9_-]{30,}",
    r"(?:sk|rk)_(?:test|live)_[A-Za-z0-9_]+",
    r"whsec_[A-Za-z0-9+/=_-]+",
)
_TALKATIVE = ("httpx", "httpcore", "aiohttp.access", "alembic", "stripe", "telegram", "apscheduler")


class Redactor:
    """Takes known secrets, and whatever looks like a token or a key, out of a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {
            spelling for secret in secrets if len(secret) >= _SHORTEST_SECRET for spelling in _spellings(secret)
        }
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self._hidden = re.compile("|".join([*map(re.escape, longest_first), *_SHAPES]))

    def __call__(self, text: str) -> str:
        return self._hidden.sub(HIDDEN, text)


def set_up(stream: TextIO, *, secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send all logging of the process to one stream: in columns on a terminal, else as lines of JSON.

    May be called again, for example once the secrets are known.
    """
    on_terminal = stream.isatty()
    handler = _Handler(stream)
    handler.setFormatter(_RedactingFormatter(Redactor(secrets), _renderers(on_terminal=on_terminal)))
    root = logging.getLogger()
    for former in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_shared(), ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class _RedactingFormatter(ProcessorFormatter):
    """Redacts the finished line, so that arguments and tracebacks are covered as well."""

    def __init__(self, redact: Redactor, renderers: list[Processor]) -> None:
        super().__init__(
            processors=[ProcessorFormatter.remove_processors_meta, *renderers],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_shared()],
        )
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    """A line that cannot be formatted is named, not quoted: the usual report would show its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls
        self.stream.write(f"a log line of {record.name} at {record.module}:{record.lineno} could not be written\n")


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderers(*, on_terminal: bool) -> list[Processor]:
    """Tracebacks are plain: the elaborate ones show local variables, and with them customers' data."""
    if on_terminal:
        return [ConsoleRenderer(exception_formatter=plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _spellings(secret: str) -> set[str]:
    """The secret as it stands, in a URL, and quoted once or twice (a body of JSON inside a line of JSON)."""
    once = {secret, *_quoted(secret)}
    return {*once, *(twice for each in once for twice in _quoted(each)), quote(secret), quote(secret, safe="")}


def _quoted(text: str) -> tuple[str, str]:
    return json.dumps(text)[1:-1], repr(text)[1:-1]
