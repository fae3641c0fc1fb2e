"""Why a file is not read: each with one reason."""

from collections.abc import Sequence

from pipelines.sources.guess.file import File
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.links import overlap
from pipelines.sources.guess.people import are_others

_NO_CUSTOMERS = {
    *("supplier", "vendor", "manufacturer", "employee", "staff", "admin", "administrator"),
    *("carrier", "affiliate", "warehouse", "salesperson"),
}
_SAME_RECORDS = 0.5  # of the keys are in another file of the entity
_SAME_VALUES = 0.5  # of these have the same amount there
_FEW = 5
_HOPELESS = 2  # required columns that nothing is found for: a block would be no help


def rank(fit: Fit) -> tuple[bool, int, bool, float]:
    """Of two files of the same records the one to read comes first: that which others name, that
    with addresses, that with more."""
    named = bool(set(fit.entity.key[:1]) & fit.linked)
    return not named, len(fit.missing), "email" not in fit.columns, -sum(fit.likeness.values())


def put_aside(files: Sequence[File]) -> None:
    """Say of each file why it is not read, if it is not."""
    read: list[Fit] = []
    for file in sorted(files, key=lambda file: rank(file.fit)):
        if not file.aside:
            file.aside, file.is_drafted = _why(file.fit, read)
        if not file.aside:
            read.append(file.fit)


def _why(fit: Fit, read: Sequence[Fit]) -> tuple[str, bool]:
    """Why it is not read (empty: it is), and whether its block is worth being there."""
    if none := _no_records_of_ours(fit):
        return none, False
    if fit.missing:
        return f"nothing was found for {', '.join(fit.missing)}, which is required", True
    same = [other for other in read if other.entity is fit.entity and len(fit.entity.key) == 1]
    return next(filter(None, (_why_not_beside(fit, other) for other in same)), ""), True


def _no_records_of_ours(fit: Fit) -> str:
    if fit.shape.rows == 1 and fit.shape.format in ("json", "jsonl"):
        return "holds one record, which says nothing of others"
    if not fit.is_sure or len(fit.missing) > _HOPELESS:
        columns = ", ".join(fit.shape.columns)[:200]
        return f"fits no entity of the contract (columns: {columns})"
    is_other = fit.entity.name == "contacts" and _NO_CUSTOMERS & set(fit.shape.table.split())
    return "these are no customers, by the name of the file" if is_other else ""


def _why_not_beside(fit: Fit, other: Fit) -> str:
    """Why it is not read beside another file of its entity; empty where it may be."""
    key = fit.entity.key[0]
    if key == "contact_id" and are_others(fit, other):
        return (
            f"its {fit.columns[key]} and {other.columns[key]} of the contacts above are two "
            "counters: the same numbers have other e-mail addresses"
        )
    is_same = overlap(fit.values(key), other.values(key)) >= _SAME_RECORDS
    if is_same and not two_counters(fit, other):
        return f"its {fit.entity.name} are those of another file, by their {key}"
    return ""


def two_counters(fit: Fit, other: Fit) -> bool:
    """Whether most orders of two files that share an id have different totals."""
    if fit.entity.name != "orders":
        return False
    mine, theirs = _totals(fit), _totals(other)
    both = mine.keys() & theirs.keys()
    same = sum(mine[key] == theirs[key] for key in both)
    return len(both) >= _FEW and same < _SAME_VALUES * len(both)


def _totals(fit: Fit) -> dict[str, str]:
    key, total = fit.columns.get("order_id"), fit.columns.get("total_amount")
    if key is None or total is None:
        return {}
    cells = fit.shape.cells
    return {k: t for k, t in zip(cells[key], cells[total], strict=True) if k and t}
