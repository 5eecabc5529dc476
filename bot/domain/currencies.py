"""What Stripe knows of each currency: how it counts amounts, and the least and most it charges.

Source: docs.stripe.com/currencies. ISO 4217 alone is wrong for ISK, UGX and MGA.
"""

_CHARGED = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
    MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV
    WST XAF XCD XCG XOF XPF YER ZAR ZMW
"""
_UNDIVIDED = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"

CURRENCIES = frozenset(_CHARGED.split())
WITHOUT_DECIMALS = frozenset(_UNDIVIDED.split())
WITH_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
WHOLE_UNITS_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})

_MINIMUM_CHARGE = {
    "AED": 200,
    "ARS": 50,
    "AUD": 50,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "COP": 50,
    "CZK": 1500,
    "DKK": 250,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "IDR": 50,
    "ILS": 50,
    "INR": 50,
    "JPY": 50,
    "KRW": 50,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "NZD": 50,
    "PHP": 50,
    "PLN": 200,
    "RON": 200,
    "RUB": 50,
    "SEK": 300,
    "SGD": 50,
    "THB": 1000,
    "USD": 50,
    "ZAR": 50,
}

_EIGHT_DIGITS = 99_999_999
_MAXIMUM_CHARGE = {
    "COP": 9_999_999_999,
    "HUF": 9_999_999_999,
    "IDR": 999_999_999_999,
    "INR": 999_999_999,
    "JPY": 9_999_999_999,
    "LBP": 99_999_999_999,
}


def decimals(currency: str) -> int:
    """How many decimals Stripe's minor units of this currency stand for."""
    if currency in WITHOUT_DECIMALS:
        return 0
    return 3 if currency in WITH_THREE_DECIMALS else 2


def step(currency: str) -> int:
    """The number of minor units that every amount sent to Stripe must be a multiple of."""
    if currency in WHOLE_UNITS_IN_HUNDREDTHS:
        return 100
    return 10 if currency in WITH_THREE_DECIMALS else 1


def minimum_charge(currency: str) -> int | None:
    """The least Stripe charges when the account settles in this currency, in minor units; None: unpublished."""
    return _MINIMUM_CHARGE.get(currency)


def maximum_charge(currency: str) -> int:
    """The most Stripe charges at once, in minor units."""
    return _MAXIMUM_CHARGE.get(currency, _EIGHT_DIGITS)
