"""Whether two files mean the same people by the same identifiers."""

from collections.abc import Sequence

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.looks import MOST, share
from pipelines.sources.guess.relations import Reference
from pipelines.sources.guess.shape import Shape

_FEW = 5  # records with the same identifier; fewer tell nothing
_MANY = 1_000  # values that tell what a column holds
_AGREE = 0.5  # of them have the same e-mail address; people change theirs, but not most of them


def emails(fit: Fit) -> str:
    """The column of a file with e-mail addresses; empty when there is none."""
    if "email" in fit.columns:
        return fit.columns["email"]
    return address_of(fit.shape)


def address_of(shape: Shape) -> str:
    """The first column with e-mail addresses; empty when there is none."""
    found = (c for c, values in shape.columns.items() if values)
    return next((c for c in found if share("@" in v for v in shape.columns[c][:_MANY]) >= MOST), "")


def are_others(fit: Fit, contacts: Fit) -> bool:
    """Whether most records of two files that share a `contact_id` have different e-mails: their
    identifiers come from two counters."""
    mine, theirs = _by_id(fit), _by_id(contacts)
    both = mine.keys() & theirs.keys()
    return len(both) >= _FEW and share(bool(mine[k] & theirs[k]) for k in both) < _AGREE


def part(fit: Fit, contacts: Fit) -> None:
    """Unmap the identifier of customers in a file whose numbers are not those of the contacts."""
    theirs = fit.columns["contact_id"]
    if not are_others(fit, contacts):
        return
    del fit.columns["contact_id"], fit.likeness["contact_id"]
    fit.linked.discard("contact_id")
    fit.notes.append(
        f"contact_id: {theirs} is not mapped: most of its values have another e-mail in the "
        f"contacts under {contacts.columns['contact_id']}, so they are two counters; the e-mail "
        "joins them, or map a column that holds the other number"
    )
    if "email" not in fit.columns and "email" in {c.name for c in fit.entity.columns}:
        fit.columns["email"], fit.likeness["email"] = emails(fit), 1.0


def name_others(fit: Fit, contacts: Sequence[Shape], related: Sequence[Reference]) -> None:
    """Unmap the identifier of customers in a file whose numbers are rather those of another file
    than of the `contacts`: all of them are there, and it is called as nearly."""
    theirs = fit.columns.get("contact_id", "")
    if not theirs or fit.entity.name in ("contacts", "orders", "order_lines"):
        return
    mine = [r for r in related if r.child is fit.shape and r.column == theirs]
    found = [r for r in mine if any(r.parent is shape for shape in contacts)]
    best = max(mine, key=lambda r: (r.share, _called(fit, r)), default=None)
    if not found or best is None or best in found:
        return
    named = max(found, key=lambda r: r.share)
    if best.share > named.share and _called(fit, best) >= _called(fit, named):
        del fit.columns["contact_id"], fit.likeness["contact_id"]
        fit.linked.discard("contact_id")
        fit.notes.append(
            f"contact_id: {theirs} is not mapped: {best.share:.1%} of its values are {best.key} of "
            f"{best.parent.table!r}, {named.share:.1%} of {named.parent.table!r}: other numbers "
            "than those of the contacts; join the e-mail address in the export"
        )


def _called(fit: Fit, reference: Reference) -> int:
    """How many words a file has in common with the column, or the file, that names it."""
    table = set(reference.parent.table.split())
    return len(table & (fit.said(reference.column) | set(fit.shape.table.split())))


def guests(fit: Fit, contacts: Fit) -> None:
    """Say that 0 is nobody, where records have it and no contact."""
    ids = fit.values("contact_id")
    if "0" in ids and "0" not in contacts.values("contact_id"):
        fit.values_of["contact_id"] = {"0": ""}
        fit.notes.append(
            f"contact_id: {ids.count('0')} records have 0 and no contact has: taken as guests"
        )


def _by_id(fit: Fit) -> dict[str, set[str]]:
    key, address = fit.columns.get("contact_id"), emails(fit)
    found: dict[str, set[str]] = {}
    if key and address and key != address:
        for person, email in fit.shape.together(key, address):
            found.setdefault(person, set()).add(email.lower())
    return found
