"""No log line shows a secret, whichever library writes it and wherever in the line it stands."""

import io
import json
import logging
import re
import traceback
from collections.abc import Iterator

import httpx
import pytest
import structlog

from bot.logs import HIDDEN, Redactor, set_up

TOKEN = "123456789:AAcanaryTokenCanaryTokenCanaryToken"
PASSWORD = 'can"ary&päss'
SHAPES = [TOKEN, "sk_test_canary", "sk_live_canary", "rk_test_canary", "rk_live_canary", "whsec_canary+/="]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    quiet = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "aiohttp.access")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@pytest.fixture(params=[io.StringIO, Terminal])
def stream(request: pytest.FixtureRequest) -> io.StringIO:
    kind: type[io.StringIO] = request.param
    return kind()


def plain(stream: io.StringIO) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.fault(45)
@pytest.mark.parametrize("secret", SHAPES)
def test_what_looks_like_a_token_or_key_is_hidden_without_being_known(stream: io.StringIO, secret: str) -> None:
    set_up(stream)
    structlog.get_logger("ours").warning("order.paid", key=secret, order="K7Q4")
    logging.getLogger("theirs").warning("calling /bot%s/getMe", secret)
    assert "canary" not in plain(stream)
    assert plain(stream).count(HIDDEN) == 2
    assert "K7Q4" in plain(stream)


@pytest.mark.fault(45)
def test_a_known_secret_is_hidden_in_every_spelling(stream: io.StringIO) -> None:
    set_up(stream, secrets=[PASSWORD, TOKEN])
    log = structlog.get_logger("ours")
    log.error("database.unreachable", url=f"postgresql://lac:{PASSWORD}@db", found=[PASSWORD])
    log.error("asked", body=json.dumps(PASSWORD), address="can%22ary%26p%C3%A4ss", quoted=TOKEN.replace(":", "%3A"))
    assert "ary" not in plain(stream)


def fail(guest: str) -> None:
    try:
        int(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError as exc:
        raise RuntimeError(PASSWORD) from exc


@pytest.mark.fault(45)
def test_tracebacks_are_redacted_and_show_no_variables(stream: io.StringIO) -> None:
    set_up(stream, secrets=[PASSWORD])
    try:
        fail("ydobemos"[::-1])
    except RuntimeError:
        structlog.get_logger("ours").exception("update.failed")
        logging.getLogger("theirs").exception("update failed")
    assert plain(stream).count(f"RuntimeError: {HIDDEN}") == 2
    assert "canary" not in plain(stream)
    assert "somebody" not in plain(stream)


def test_a_line_that_cannot_be_formatted_does_not_show_its_arguments(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(stream)
    for handler in logging.getLogger().handlers:
        if type(handler).__module__ == "bot.logs":
            handler.handle(logging.LogRecord("theirs", 40, "a.py", 7, "%d", (TOKEN,), None))
    assert plain(stream) == "a log line of theirs at a:7 could not be written\n"
    assert capsys.readouterr().err == ""


def test_the_stock_http_client_keeps_its_addresses_to_itself(stream: io.StringIO) -> None:
    set_up(stream)
    transport = httpx.MockTransport(lambda _request: httpx.Response(200))
    with httpx.Client(transport=transport) as client:
        client.get("https://api.telegram.org/botname/getMe")
    logging.getLogger("aiohttp.access").info("GET /checkout/done/secret")
    assert plain(stream) == ""


def test_lines_for_machines_are_json_with_time_level_and_origin() -> None:
    stream = io.StringIO()
    set_up(stream)
    structlog.get_logger("ours").info("order.paid", order="K7Q4")
    logging.getLogger("theirs").warning("slow: %s s", 3)
    ours, theirs = lines(stream)
    assert (ours["event"], ours["level"], ours["order"]) == ("order.paid", "info", "K7Q4")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("slow: 3 s", "warning", "theirs")
    assert str(ours["timestamp"]).endswith("Z")


def test_setting_up_again_replaces_what_was_there() -> None:
    first, second = io.StringIO(), io.StringIO()
    set_up(first)
    set_up(second, secrets=["tell nobody"])
    structlog.get_logger("ours").info("tell nobody")
    assert first.getvalue() == ""
    assert len(lines(second)) == 1
    assert lines(second)[0]["event"] == HIDDEN


def test_details_are_left_out_unless_asked_for() -> None:
    stream = io.StringIO()
    set_up(stream)
    structlog.get_logger("ours").debug("detail")
    logging.getLogger("theirs").debug("detail")
    assert lines(stream) == []
    set_up(stream, level=logging.DEBUG)
    structlog.get_logger("ours").debug("detail")
    assert len(lines(stream)) == 1


def test_innocent_texts_stay_as_they_are() -> None:
    text = "order K7Q4 at 12:30, cs_test_a1b2c3, 2 guests"
    assert Redactor(["", "a", "30"])(text) == text


def test_a_secret_inside_another_hides_them_both() -> None:
    assert Redactor(["secret-short", "secret-short-and-long"])("secret-short-and-long") == HIDDEN


def test_an_exception_written_out_by_hand_is_redacted_as_well() -> None:
    written = "".join(traceback.format_exception(ValueError(TOKEN)))
    assert "canary" not in Redactor()(written)
