"""What a message shows: a bold first line, a few plain lines, buttons, and a picture where it has one."""

from dataclasses import dataclass, replace

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.ids import MediaId
from handlers import markup
from handlers.callbacks import Action, pack
from handlers.texts import Texts
from handlers.ticket_face import Ticket


@dataclass(frozen=True)
class Button:
    """Exactly one of `data`, `url`, `copy` and `inline` (a query to begin in another chat) says what a tap does."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    inline: str | None = None

    def built(self) -> InlineKeyboardButton:
        return InlineKeyboardButton(
            markup.label(self.label),
            callback_data=self.data,
            url=self.url,
            copy_text=CopyTextButton(self.copy) if self.copy else None,
            switch_inline_query=self.inline,
        )


Row = tuple[Button, ...]


def keyboard(rows: tuple[Row, ...]) -> InlineKeyboardMarkup | None:
    """The rows as Telegram takes them; rows without a button are left out."""
    built = [[button.built() for button in row] for row in rows if row]
    return InlineKeyboardMarkup(built) if built else None


@dataclass(frozen=True)
class Message:
    """A message of text; `html` is safe already."""

    html: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Screen:
    """Everything in plain text. On the living message no `picture` means the shop's banner.

    `whole`: nothing of it may be cut. What a caption has no room for is then shown as text, without any picture.
    """

    title: str
    blocks: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    picture: MediaId | Ticket | None = None
    whole: bool = False

    @property
    def wordy(self) -> bool:
        """Whether it must be a message of text."""
        return self.whole and not markup.fits(self.title, *self.blocks)

    @property
    def caption(self) -> str:
        return markup.paragraphs(self.title, *self.blocks, most=markup.CAPTION)

    def as_message(self) -> Message:
        return Message(markup.paragraphs(self.title, *self.blocks, most=markup.TEXT), self.rows)

    def with_notice(self, notice: str) -> "Screen":
        """The same screen, with what just happened as its first line."""
        return replace(self, title=notice, blocks=(markup.gap(self.title), *self.blocks))


def act(label: str, action: Action, *fields: int | str) -> Button:
    """A button whose tap comes back to us."""
    return Button(label, data=pack(action, *fields))


def back(texts: Texts, action: Action, *fields: int | str) -> Row:
    return (act(texts.gettext("Back"), action, *fields),)


def home_row(texts: Texts) -> Row:
    return (act(texts.gettext("See what is on offer"), Action.HOME),)
