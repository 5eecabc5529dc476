"""What the web pages after Stripe's Checkout say; they must not claim that anything was paid."""

from handlers.texts import Texts


def after_paying(texts: Texts) -> tuple[str, str, str, str]:
    """Title, heading, text and button of the page that Stripe leads to at the end."""
    return (
        texts.gettext("Back to the chat"),
        texts.gettext("Thank you"),
        texts.gettext("As soon as Stripe has confirmed your payment, your ticket arrives in the chat."),
        texts.gettext("Back to the chat"),
    )


def after_leaving(texts: Texts) -> tuple[str, str, str, str]:
    """The same for the page that Stripe leads to when somebody goes back."""
    return (
        texts.gettext("Back to the chat"),
        texts.gettext("Not paid yet"),
        texts.gettext("What you chose stays held for the time that is named in the chat. You can pay or cancel there."),
        texts.gettext("Back to the chat"),
    )
