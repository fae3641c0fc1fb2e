"""Consents that are a yes or no in the customer file: a source of their own on the same file."""

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import YES, are_yes_or_no, can_hold
from pipelines.sources.guess.vocabulary import OPT_INS, OPT_OUTS, PRIVACY
from pipelines.sources.guess.words import names_of, words_of
from pipelines.specs.contract import ENTITIES

_INS, _OUTS, _PRIVACY = (
    {words_of(name): channel for name, channel in names.items()}
    for names in (OPT_INS, OPT_OUTS, PRIVACY)
)
_ABOUT = {"has", "is", "customer", "client", "marketing", "flag", "contact"}
_NO_CONSENT = "it says who wants nothing; whether the others have agreed is yours to know"
SUBSCRIBING = {
    *("subscribed", "unsubscribed", "optin", "optout", "opt in", "opt out"),
    *("abonne", "desabonne"),
}
_LAST = len(OPT_INS)
_STATUS = {"statut", "status"}
_DATES = {"dt", "date", "data", "datum", "at", "on", "le", "ts", "time", "timestamp", "updated_at"}


def opt_ins(contacts: Fit) -> list[tuple[Fit, str]]:
    """A fit of consents for each channel that a column of the contacts says yes or no to, and why
    it is not to be read as it is (empty: it is)."""
    if not {"contact_id", "updated_at"} <= {*contacts.columns, *contacts.constants}:
        return []
    found: dict[str, list[tuple[int, str, dict[str, str]]]] = {}
    outs = set()
    for theirs in contacts.unused():
        values = sorted(set(contacts.shape.columns[theirs]))
        channel, rank, no_means_yes = _channel(contacts.shape.words[theirs])
        if not channel and _own_date(contacts, theirs):
            channel, rank = _PRIVACY.get(contacts.shape.words[theirs], ""), _LAST
        if channel and are_yes_or_no(values):
            meaning = {v: _status((v.lower() in YES) is not no_means_yes) for v in values}
            found.setdefault(channel, []).append((rank, theirs, meaning))
            outs.update([theirs] if no_means_yes else [])
        elif _STATUS & contacts.said(theirs) and (meaning := _said(values)):
            found.setdefault("email", []).append((_LAST, theirs, meaning))
    consents = [_consents(contacts, channel, sorted(ways)) for channel, ways in found.items()]
    return [(fit, _NO_CONSENT if fit.columns["status"] in outs else "") for fit in consents]


def _status(is_granted: bool) -> str:
    return "granted" if is_granted else "withdrawn"


def _said(values: list[str]) -> dict[str, str]:
    """What words such as `subscribed` mean; empty where one of them is no word for consent, or
    none speaks of subscribing: an active customer has not agreed to anything."""
    meaning: dict[str, str] = {}
    if not any(words_of(value) in SUBSCRIBING for value in values):
        return meaning
    for value in values:
        ours = [o for o in ("granted", "withdrawn", "objected") if words_of(value) in names_of(o)]
        if not ours or value.isdigit():
            return {}
        meaning[value] = ours[0]
    return meaning


def _channel(words: str) -> tuple[str, int, bool]:
    """The channel that a column's name speaks of (empty: none), how unusual the name is, and
    whether its yes is a no."""
    said = words.replace("opt in", "optin").replace("opt out", "optout")
    bare = " ".join(word for word in said.split() if word not in _ABOUT)
    for names, is_out in ((_OUTS, True), (_INS, False)):
        for form in (said, bare):
            within = [name for name in names if f" {form} ".endswith(f" {name} ")]
            within += [name for name in names if sorted(name.split()) == sorted(form.split())]
            if within:
                name = max(within, key=len)
                return names[name], list(names).index(name) + is_out * _LAST, is_out
    return "", 0, False


def _consents(contacts: Fit, channel: str, columns: list[tuple[int, str, dict[str, str]]]) -> Fit:
    """Of several columns for a channel the one whose name is most usual."""
    (_, status, meaning), *further = columns
    mapped = {"contact_id": contacts.columns["contact_id"], "status": status}
    constants = {"channel": channel}
    changed = _own_date(contacts, status) or contacts.columns.get("updated_at", "")
    (mapped if changed else constants)["changed_at"] = changed or contacts.constants["updated_at"]
    fit = Fit(
        ENTITIES["consents"],
        contacts.shape,
        mapped,
        dict.fromkeys(mapped, 1.0),
        contacts.named,
        constants=constants,
        values_of={"status": meaning},
        linked={"contact_id"},
    )
    fit.notes.append(
        f"{status} is read as consent to {channel}: a no is withdrawn; a change is dated by "
        f"{changed or 'no column'}"
    )
    if contacts.shape.words[status] in _PRIVACY:
        fit.notes.append(
            f"{status}: its name speaks of privacy; make sure that a yes agrees to be written to"
        )
    if status not in contacts.shape.full:
        fit.notes.append(f"{status} is not always filled: such records are refused")
    if further:
        others = ", ".join(theirs for _, theirs, _ in further)
        fit.notes.append(f"these might say it, too, and are not read: {others}")
    return fit


def _own_date(contacts: Fit, status: str) -> str:
    """The time of a change that is called as the column is, beside a word for a date; empty where
    there is none."""
    column = ENTITIES["consents"].column("changed_at")
    said = status.lower()
    for theirs, values in contacts.shape.columns.items():
        rest = theirs.lower().replace(said, "", 1).strip("_- ")
        is_its = said in theirs.lower() and rest in _DATES
        if is_its and values and can_hold(column, values):
            return theirs
    return ""
