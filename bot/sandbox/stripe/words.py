"""The words of the sandbox's pay page."""

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

ENGLISH = {
    "banner": "Sandbox, no real money",
    "title": "Checkout",
    "pay": "Pay {amount}",
    "book": "Book and pay {amount}",
    "donate": "Donate {amount}",
    "free": "Complete the order",
    "back": "Back",
    "total": "Total",
    "quantity": "{count} × {each}",
    "contact": "Contact",
    "email": "E-mail",
    "phone": "Phone",
    "method": "Payment",
    "card": "Card number or IBAN",
    "name": "Name on the card",
    "full_name": "Full name",
    "choices": "Test cards: tap one to fill the field",
    "no_details": "No date and no code are needed here.",
    "success": "Succeeds",
    "declined": "Is declined",
    "insufficient_funds": "No funds",
    "second_step": "Asks to confirm",
    "second_step_always": "Always asks",
    "sepa_debit_ok": "Bank debit, slow",
    "sepa_debit_fail": "Bank debit, fails",
    "refund_fails": "Refund fails",
    "refund_pending": "Refund slow",
    "disputed": "Is disputed",
    "fill_card": "Enter a card number, or tap one of the test cards.",
    "fill_email": "Enter an e-mail address.",
    "generic_decline": "Your card was declined. Nothing was charged; try another card.",
    "no_funds": "Your card has insufficient funds. Nothing was charged; try another card.",
    "incorrect_number": "This card number is not right.",
    "payment_method_not_available": "This payment method is not available here. Choose another one.",
    "payment_intent_authentication_failure": "Your bank did not confirm the payment. Nothing was charged.",
    "step_title": "Your bank asks you to confirm",
    "step_text": "Do you confirm the payment of {amount}?",
    "complete": "Confirm",
    "fail": "Refuse",
    "done_title": "This payment is complete",
    "done_text": "There is nothing more to do on this page.",
    "processing_text": "Your bank is still working on it; that can take a few days.",
    "go_on": "Go on",
    "expired_title": "This page has expired",
    "expired_text": "Nothing was charged. Go back to where you came from and start again.",
    "unknown_title": "There is no such payment page",
    "unknown_text": "The link is incomplete or belongs to an earlier sandbox.",
}
FRENCH = {
    "banner": "Bac à sable, pas d’argent réel",
    "title": "Paiement",
    "pay": "Payer {amount}",
    "book": "Réserver et payer {amount}",
    "donate": "Donner {amount}",
    "free": "Valider la commande",
    "back": "Retour",
    "total": "Total",
    "quantity": "{count} × {each}",
    "contact": "Coordonnées",
    "email": "E-mail",
    "phone": "Téléphone",
    "method": "Paiement",
    "card": "Numéro de carte ou IBAN",
    "name": "Nom sur la carte",
    "full_name": "Nom complet",
    "choices": "Cartes de test : touchez-en une pour remplir le champ",
    "no_details": "Ni date ni code ne sont demandés ici.",
    "success": "Acceptée",
    "declined": "Refusée",
    "insufficient_funds": "Sans provision",
    "second_step": "À confirmer",
    "second_step_always": "Toujours à confirmer",
    "sepa_debit_ok": "Prélèvement lent",
    "sepa_debit_fail": "Prélèvement rejeté",
    "refund_fails": "Remboursement raté",
    "refund_pending": "Remboursement lent",
    "disputed": "Contestée",
    "fill_card": "Saisissez un numéro de carte ou touchez une carte de test.",
    "fill_email": "Saisissez une adresse e-mail.",
    "generic_decline": "Votre carte a été refusée. Rien n’a été débité ; essayez une autre carte.",
    "no_funds": "Provision insuffisante. Rien n’a été débité ; essayez une autre carte.",
    "incorrect_number": "Ce numéro de carte n’est pas correct.",
    "payment_method_not_available": "Ce moyen de paiement n’est pas disponible ici. Choisissez-en un autre.",
    "payment_intent_authentication_failure": "Votre banque n’a pas confirmé le paiement. Rien n’a été débité.",
    "step_title": "Votre banque vous demande de confirmer",
    "step_text": "Confirmez-vous le paiement de {amount} ?",
    "complete": "Confirmer",
    "fail": "Refuser",
    "done_title": "Ce paiement est terminé",
    "done_text": "Il n’y a plus rien à faire sur cette page.",
    "processing_text": "Votre banque le traite encore ; cela peut prendre quelques jours.",
    "go_on": "Continuer",
    "expired_title": "Cette page a expiré",
    "expired_text": "Rien n’a été débité. Revenez d’où vous venez et recommencez.",
    "unknown_title": "Cette page de paiement n’existe pas",
    "unknown_text": "Le lien est incomplet ou vient d’un bac à sable précédent.",
}


def locale_of(asked: str | None, accept_language: str) -> Locale:
    """The session's locale; `auto` means the browser's."""
    wanted = asked if asked not in {None, "auto"} else accept_language.partition(",")[0].partition(";")[0]
    try:
        return Locale.parse((wanted or "en").strip(), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def words_of(locale: Locale) -> Mapping[str, str]:
    return FRENCH if locale.language == "fr" else ENGLISH
