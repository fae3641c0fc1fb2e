"""Lists of subscribers: an e-mail address and a word that says whether it agreed."""

from collections.abc import Sequence

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import YES, are_yes_or_no, can_hold
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
_FLAGS = {
    *("active", "optin", "dboptin", "subscribed", "confirmed", "newsletter", "status", "enabled"),
    *("consent", "agreed", "opt"),
}
_CODES = {"0": "withdrawn", "1": "granted", "2": "withdrawn"}
_UNPROVEN = {"2"}  # most often: not confirmed yet
_CHANGED = ("updated", "changed", "modified", "last", "maj")


def is_named_so(file_words: str) -> bool:
    """Whether a path speaks of a list of subscribers."""
    return bool(_NAMES & set(file_words.split()))


def subscribers(fit: Fit, own: Fit) -> Fit | None:
    """A file read as consents to e-mail; None where no column says who is subscribed. `own`: how it
    fits consents by its names."""
    address = emails(fit)
    if not address or fit.entity.name == "orders" or not _time(fit):
        return None
    for status, values in fit.shape.columns.items():
        distinct = sorted(set(values))
        meaning = {v: ours for v in distinct[: _STATUSES + 1] if (ours := _meaning(v))}
        speaks = any(words_of(v) in SUBSCRIBING for v in distinct[: _STATUSES + 1])
        if speaks and len(meaning) == len(distinct) <= _STATUSES:
            return _consents(own, address, status, meaning)
    if is_named_so(fit.shape.table):
        for status, values in fit.shape.columns.items():
            if fit.said(status) & _FLAGS and values and set(values) <= {*_CODES, *_flags(values)}:
                return _consents(own, address, status, _CODES | _flags(values), sorted(set(values)))
    return None


def _flags(values: list[str]) -> dict[str, str]:
    """What words for yes and no mean, where there are no others."""
    if not are_yes_or_no(values):
        return {}
    return {v: "granted" if v.lower() in YES else "withdrawn" for v in sorted(set(values))}


def _consents(
    own: Fit, address: str, status: str, meaning: dict[str, str], seen: Sequence[str] = ()
) -> Fit:
    columns = {"email": address, "status": status, "changed_at": _time(own)}
    person = own.columns.get("contact_id", "")
    if (
        person
        and person not in columns.values()
        and "id" not in (own.shape.words[person], own.shape.bare[person])
    ):
        columns = {"contact_id": person, **columns}
    found = Fit(
        ENTITIES["consents"],
        own.shape,
        columns,
        dict.fromkeys(columns, 1.0),
        max(own.named, 1.0),
        constants={"channel": "email"},
        values_of={"status": {v: ours for v, ours in meaning.items() if v in seen or not seen}},
    )
    found.notes.append(
        f"{status} is read as consent to email; a change is dated by {columns['changed_at']}"
    )
    said = found.values_of["status"]
    if never := [v for v in said if words_of(v) in _NEVER or v in _UNPROVEN]:
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
