"""Keeps the application's log out of a run, and hands over what it reports as an error."""

import logging
import os
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import NoReturn
from unittest.mock import patch

import structlog

Report = Callable[[str, str], None]
"""Called with the name of the event and the error's type."""


@contextmanager
def quiet(report: Report) -> Iterator[None]:
    def heard(_logger: object, _method: str, event: MutableMapping[str, object]) -> NoReturn:
        error = event.get("exc_info")
        kind = type(error).__name__ if isinstance(error, BaseException) else str(event.get("error", ""))
        report(str(event.get("event")), kind)
        raise structlog.DropEvent

    before = structlog.get_config()
    level = logging.root.manager.disable
    structlog.configure(processors=[heard], wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.CRITICAL)
    try:
        with patch.dict(os.environ, PTB_TIMEDELTA="1"):  # as the program itself has it
            yield
    finally:
        logging.disable(level)
        structlog.configure(**before)
