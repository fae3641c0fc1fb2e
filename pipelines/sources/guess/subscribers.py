"""Lists of subscribers: an e-mail address and a word that says whether it agreed."""

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import can_hold
from pipelines.sources.guess.optins import SUBSCRIBING
from pipelines.sources.guess.people import emails
from pipelines.sources.guess.words import names_of, words_of
from pipelines.specs.contract import ENTITIES

_NAMES = {
    *("newsletter", "subscriber", "subscribers", "abonne", "abonnes", "optin", "recipient"),
    *("recipients", "mailing", "audience", "consent", "consents"),
}
_STATUSES = 8  # different ones, at most
_AGREED = {"direct", "confirmed"}
_NEVER = {"not set", "notset", "pending", "unconfirmed", "not subscribed", "non subscribed"}
_CHANGED = ("updated", "changed", "modified", "last", "maj")


def is_named_so(file_words: str) -> bool:
    """Whether a path speaks of a list of subscribers."""
    return bool(_NAMES & set(file_words.split()))


def subscribers(fit: Fit) -> Fit | None:
    """A file read as consents to e-mail; None where no column says who is subscribed."""
    address = emails(fit)
    if not address or fit.entity.name == "orders":
        return None
    for status, values in fit.shape.columns.items():
        distinct = sorted(set(values))
        meaning = {v: ours for v in distinct[: _STATUSES + 1] if (ours := _meaning(v))}
        speaks = any(words_of(v) in SUBSCRIBING for v in distinct[: _STATUSES + 1])
        if speaks and len(meaning) == len(distinct) <= _STATUSES and _time(fit):
            return _consents(fit, address, status, meaning)
    return None


def _consents(fit: Fit, address: str, status: str, meaning: dict[str, str]) -> Fit:
    columns = {"email": address, "status": status, "changed_at": _time(fit)}
    found = Fit(
        ENTITIES["consents"],
        fit.shape,
        columns,
        dict.fromkeys(columns, 1.0),
        max(fit.named, 1.0),
        constants={"channel": "email"},
        values_of={"status": meaning},
    )
    found.notes.append(
        f"{status} is read as consent to email; a change is dated by {columns['changed_at']}"
    )
    if never := [theirs for theirs in meaning if words_of(theirs) in _NEVER]:
        found.notes.append(
            f"status: {', '.join(never)} says that nobody agreed yet; read as withdrawn, so that "
            "they are not written to"
        )
    return found


def _meaning(theirs: str) -> str:
    said = words_of(theirs)
    if said in _NEVER:
        return "withdrawn"
    if said in _AGREED:
        return "granted"
    ours = (o for o in ("granted", "withdrawn", "objected") if said in names_of(o))
    return "" if theirs.isdigit() else next(ours, "")


def _time(fit: Fit) -> str:
    """The time that every record has, one of a change if there is one; empty for none."""
    shape, column = fit.shape, ENTITIES["consents"].column("changed_at")
    times = [c for c, values in shape.columns.items() if values and can_hold(column, values)]
    return max(
        times,
        key=lambda c: (shape.filled(c), bool(set(_CHANGED) & fit.said(c))),
        default="",
    )
