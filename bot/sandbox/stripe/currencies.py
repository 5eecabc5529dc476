"""Which currencies Stripe takes, how many decimals its amounts have, and the least that can be charged."""

from bot.sandbox.stripe.errors import Refusal

_PRESENTMENT = """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad
    cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl
    htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd
    mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd
    rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd
    vuv wst xaf xcd xcg xof xpf yer zar zmw
"""
_WITHOUT_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"

KNOWN = frozenset(_PRESENTMENT.split())
WITHOUT_DECIMALS = frozenset(_WITHOUT_DECIMALS.split())
THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
WHOLE_HUNDREDS = frozenset({"isk", "ugx"})
MOST = 99_999_999
LEAST = {
    "aed": 200,
    "aud": 50,
    "bgn": 100,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17_500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
    "usd": 50,
}


def decimals(currency: str) -> int:
    """How many decimals an amount has in Stripe's API; not always those of ISO 4217."""
    if currency in WITHOUT_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def smallest_step(currency: str) -> int:
    """What amounts are multiples of."""
    return 100 if currency in WHOLE_HUNDREDS else 10 if currency in THREE_DECIMALS else 1


def in_words(amount: int, currency: str) -> str:
    """An amount for an error message: 12.50 EUR."""
    places = decimals(currency)
    return f"{amount / 10**places:.{places}f} {currency.upper()}"


def check_currency(currency: str, param: str) -> str:
    if currency.lower() not in KNOWN:
        raise Refusal(f"Invalid currency: {currency}. Stripe currently supports these currencies: …", param=param)
    return currency.lower()


def check_amount(amount: int, currency: str, param: str) -> None:
    """Refuse what the currency's minor units do not allow."""
    step = smallest_step(currency)
    if amount % step:
        raise Refusal(
            f"Invalid amount: {amount}. Amounts in {currency.upper()} must be divisible by {step}.",
            code="parameter_invalid_integer",
            param=param,
        )
    if amount > MOST:
        raise Refusal(f"Amount must be no more than {in_words(MOST, currency)}", code="amount_too_large", param=param)


def check_total(total: int, currency: str) -> None:
    """Refuse a total that is too small or too large to be charged; nothing at all to pay is allowed."""
    least = LEAST.get(currency, 1)
    if 0 < total < least:
        raise Refusal(
            f"The Checkout Session's total amount due must add up to at least {in_words(least, currency)}",
            code="amount_too_small",
        )
    if total > MOST:
        raise Refusal(
            f"The Checkout Session's total amount due must be no more than {in_words(MOST, currency)}",
            code="amount_too_large",
        )
