"""A letter is what mail programs understand, and nobody can write into its headers."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.mail.letters import BadAddress, CalendarFile, Letter, Picture, Sender, address, message, one_line
from tests.clock import NOW

SENDER = Sender("Lac & Sentiers", "tickets@lac.example", "bonjour@lac.example")
PNG = b"\x89PNG\r\n\x1a\n0123"
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:For\xc3\xaat\r\nEND:VCALENDAR\r\n"
LETTER = Letter(
    "ada@example.org",
    "Réservé · Lever du soleil",
    "Bonjour\n",
    "<p>Bonjour <img src='cid:ticket-A'></p>",
    [Picture("ticket-A", PNG)],
    [CalendarFile("A.ics", ICS)],
)


def read(letter: Letter = LETTER, sender: Sender = SENDER, name: str = "n1") -> EmailMessage:
    """The letter as a mail program reads it."""
    found = message_from_bytes(message(letter, sender, name, NOW).as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(found: EmailMessage, kind: str) -> EmailMessage:
    (one,) = [each for each in found.walk() if each.get_content_type() == kind]
    assert isinstance(one, EmailMessage)
    return one


def test_a_letter_has_text_page_picture_and_calendar_file() -> None:
    found = read()
    kinds = [each.get_content_type() for each in found.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
    ]
    assert part(found, "text/plain").get_content().splitlines() == ["Bonjour"]
    picture, file = part(found, "image/png"), part(found, "text/calendar")
    assert (picture["Content-ID"], picture.get_content()) == ("<ticket-A>", PNG)
    assert (file.get_filename(), file.get_param("method")) == ("A.ics", "PUBLISH")
    assert file.get_payload(decode=True) == ICS


def test_a_letter_says_whom_it_is_from_and_where_answers_go() -> None:
    found = read()
    assert str(found["From"]) == "Lac & Sentiers <tickets@lac.example>"
    assert (str(found["To"]), str(found["Reply-To"])) == ("ada@example.org", "bonjour@lac.example")
    assert str(found["Subject"]) == "Réservé · Lever du soleil"
    assert str(found["Message-ID"]) == "<n1@lac.example>"
    assert str(found["Date"]) == NOW.strftime("%a, %d %b %Y %H:%M:%S +0000")


WORDS = st.lists(st.sampled_from(["Canoë", "à", "la", "journée", "·", "Hôtel", "&", "été,", "(é)", "😀", '"x"', "<a>"]))


@example(["Votre", "réservation", "est", "annulée", "·", "Canoë", "à", "la", "journée"])
@given(WORDS)
def test_the_words_of_a_header_arrive_with_every_space_between_them(words: list[str]) -> None:
    said = one_line(" ".join(("Lac", *words, "é")))
    letter = replace(LETTER, subject=said)
    sent = message_from_bytes(message(letter, Sender(said, "tickets@lac.example"), "n1", NOW).as_bytes())
    assert str(make_header(decode_header(sent["Subject"]))) == said
    assert str(make_header(decode_header(sent["From"]))) == f"{said} <tickets@lac.example>"
    assert read(letter)["Subject"] == said


def test_each_try_of_a_letter_has_the_same_name() -> None:
    assert read()["Message-ID"] == read()["Message-ID"]
    assert read()["Message-ID"] != read(name="n2")["Message-ID"]


@pytest.mark.fault(44)
@given(st.text(max_size=300), st.text(max_size=100))
def test_no_text_begins_a_header_of_its_own(subject: str, shop: str) -> None:
    hostile = Letter("ada@example.org", f"{subject}\r\nBcc: eve@example.org\n{shop}", "a", "a")
    found = read(hostile, Sender(f"{shop}\r\nX-Evil: 1", "tickets@lac.example"))
    assert {name.lower() for name in found.keys()} == {  # noqa: SIM118 - headers have keys, and are no mapping
        *("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"),
    }
    assert found.defects == []


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert len(one_line(text)) <= 200


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org, eve@example.org",
        "<ada@example.org>",
        "ada lovelace@example.org",
        "ada@exa mple.org",
        "ad\u00e4@example.org",
        "ada@" + "a" * 64 + ".org",
        "ada@..",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        address(written)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("ada@example.org", "ada@example.org"),
        (" ada+lac@mail.example.org ", "ada+lac@mail.example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_written_in_plain_letters(written: str, taken: str) -> None:
    assert address(written) == taken
