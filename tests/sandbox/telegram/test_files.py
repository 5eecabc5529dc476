"""Photos and documents: uploaded once, sent again by file id, checked like Telegram checks them."""

import pytest

from bot.sandbox.telegram.wire import Upload
from tests.sandbox.telegram.builders import ANN, TOKEN, a_photo, a_telegram, png, result_of, send_photo

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x20\x00\x40\x01\x01\x11\x00"


def test_a_photo_can_be_sent_again_by_its_file_id() -> None:
    telegram = a_telegram()
    send_photo(telegram)
    file_id = telegram.last_message(ANN).photo
    assert file_id
    assert telegram.call(TOKEN, "sendPhoto", {"chat_id": ANN, "photo": file_id}).ok
    assert telegram.last_message(ANN).photo == file_id
    found = telegram.file(file_id)
    assert found
    assert found.content == png()


def test_every_upload_gets_a_fresh_id() -> None:
    telegram = a_telegram()
    send_photo(telegram)
    first = telegram.last_message(ANN).photo
    send_photo(telegram)
    assert telegram.last_message(ANN).photo != first


@pytest.mark.parametrize("reference", ["unknown", "https://a.example/x.png", "attach://missing"])
def test_an_unknown_file_is_refused(reference: str) -> None:
    reply = a_telegram().call(TOKEN, "sendPhoto", {"chat_id": ANN, "photo": reference})
    assert reply.description.startswith("Bad Request: wrong file identifier/HTTP URL specified")


def test_a_photo_is_no_document() -> None:
    telegram = a_telegram()
    send_photo(telegram)
    params = {"chat_id": ANN, "document": telegram.last_message(ANN).photo}
    reply = telegram.call(TOKEN, "sendDocument", params)
    assert reply.description == "Bad Request: can't use file of type Photo as Document"


PHOTOS = [
    (b"", 400, "Bad Request: file must be non-empty"),
    (b"GIF89a", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
    (b"\xff\xd8\xff", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
    (b"\xff\xd8\xff\xe0\x00\x00\xff\xe0\x00\x00\x00\x00", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
    (png(0, 5), 400, "Bad Request: IMAGE_PROCESS_FAILED"),
    (png(5001, 5000), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    (png(210, 10), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    (png() + bytes(10 * 1024 * 1024), 413, "Request Entity Too Large"),
]


@pytest.mark.parametrize(("content", "status", "says"), PHOTOS)
def test_what_is_no_photo_is_refused(content: bytes, status: int, says: str) -> None:
    upload = {"photo": Upload("x.png", content)}
    reply = a_telegram().call(TOKEN, "sendPhoto", {"chat_id": ANN}, upload)
    assert (reply.status, reply.description) == (status, says)


@pytest.mark.parametrize("content", [png(5000, 5000), png(200, 10), JPEG])
def test_a_photo_within_the_limits_is_taken(content: bytes) -> None:
    upload = {"photo": Upload("x", content)}
    assert a_telegram().call(TOKEN, "sendPhoto", {"chat_id": ANN}, upload).ok


def test_a_document_has_at_most_50_megabytes() -> None:
    upload = {"document": Upload("x.bin", bytes(50 * 1024 * 1024 + 1))}
    assert a_telegram().call(TOKEN, "sendDocument", {"chat_id": ANN}, upload).status == 413


def test_a_file_can_be_downloaded_by_the_path_that_get_file_tells() -> None:
    telegram = a_telegram()
    ticket = Upload("ticket.ics", b"BEGIN:VCALENDAR", "text/calendar")
    telegram.call(TOKEN, "sendDocument", {"chat_id": ANN, "caption": "x"}, {"document": ticket})
    seen = telegram.last_message(ANN).document
    assert seen
    assert (seen.name, seen.mime_type, seen.size) == ("ticket.ics", "text/calendar", 15)
    told = result_of(telegram.call(TOKEN, "getFile", {"file_id": seen.file_id}))
    assert telegram.download(TOKEN, str(told["file_path"])) == ticket
    assert telegram.download("1:wrong", str(told["file_path"])) is None
    assert telegram.download(TOKEN, "../secrets") is None


def test_get_file_knows_only_its_files() -> None:
    reply = a_telegram().call(TOKEN, "getFile", {"file_id": "unknown"})
    assert reply.description == "Bad Request: invalid file_id"


def test_a_bot_downloads_at_most_20_megabytes() -> None:
    telegram = a_telegram()
    telegram.send_document(ANN, Upload("big.bin", bytes(20 * 1024 * 1024 + 1)))
    document = telegram.last_message(ANN).document
    assert document
    reply = telegram.call(TOKEN, "getFile", {"file_id": document.file_id})
    assert reply.description == "Bad Request: file is too big"


def test_a_refused_call_keeps_no_file() -> None:
    telegram = a_telegram()
    telegram.call(TOKEN, "sendPhoto", {"chat_id": 4711}, {"photo": a_photo()})
    telegram.call(TOKEN, "sendPhoto", {"chat_id": ANN, "caption": "x" * 1025}, {"photo": a_photo()})
    send_photo(telegram)
    assert str(telegram.last_message(ANN).photo).endswith("000001")
