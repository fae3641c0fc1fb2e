"""Numbers of payment cards and bank accounts: no identifiers of customers, and nothing that a
warehouse should keep."""

from pipelines.sources.guess.shape import Shape

_CARDS = {"card", "carte", "cc", "creditcard", "kreditkarte"}
_SECRETS = {"cvv", "cvc", "cvn", "iban", "creditcard", "kreditkarte", "kreditkartennummer"}
_PAYING = {
    "credit",
    "debit",
    "masked",
    "cvv",
    "cvc",
    "cvn",
    "expiration",
    "expiry",
    "exp",
    "expire",
}
_NUMBERS = {"num", "number", "pan", *_PAYING}
_OTHER = {"loyalty", "fidelite", "fidelity", "member", "gift", "allow", "allowed", "type", "status"}


def is_of_payment(shape: Shape, theirs: str) -> bool:
    """Whether a column is called as what pays is: by itself, or because others of the file speak of
    the same card."""
    said = set(shape.words[theirs].split())
    if said & _OTHER:
        return False
    if said & _SECRETS or (said & _CARDS and said & _PAYING):
        return True
    beside = (set(words.split()) for words in shape.words.values())
    return bool(said & _CARDS and said & _NUMBERS) and any(
        other & _CARDS and other & _PAYING for other in beside
    )


def secrets(shape: Shape) -> list[str]:
    """The columns of payment cards and bank accounts that hold anything."""
    return [c for c, values in shape.columns.items() if values and is_of_payment(shape, c)]
