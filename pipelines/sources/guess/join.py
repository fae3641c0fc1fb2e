"""Orders, their lines, customers and products, taken for what names what."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.sources.guess.file import File
from pipelines.sources.guess.fit import Fit, refit
from pipelines.sources.guess.pairs import pairs
from pipelines.sources.guess.parents import by_all_keys, parent
from pipelines.sources.guess.relations import Reference

_SOLD = ("orders", "order_lines")


@dataclass(frozen=True, slots=True)
class Pair:
    """Orders and the file of their lines."""

    orders: File
    lines: File


def join(files: Sequence[File], related: Sequence[Reference]) -> list[Pair]:
    """Set the fits of the files that belong together; none where no lines name orders."""
    by_shape = {id(file.shape): file for file in files}
    found: list[Pair] = []
    for reference in pairs(files, related):
        orders, lines = by_shape[id(reference.parent)], by_shape[id(reference.child)]
        orders.fit = refit(orders.of("orders"), {"order_id": reference.key})
        lines.fit = refit(lines.of("order_lines"), {"order_id": reference.column})
        found.append(Pair(orders, lines))
    settled = {id(file) for pair in found for file in (pair.orders, pair.lines)}
    rest = [file for file in files if id(file) not in settled]
    for pair in found:
        _name(pair.orders, "contact_id", "contacts", rest, related)
        _name(pair.lines, "product_id", "products", rest, related)
    heads = {id(pair.orders.shape) for pair in found}
    for file in rest:
        if not found and file.fit.entity.name == "orders" and file.fit.is_sure:
            _name(file, "contact_id", "contacts", rest, related)
    for file in rest:
        is_part = any(r.child is file.shape and id(r.parent) in heads for r in related)
        is_other = bool(found) and not file.fit.named  # the orders are known
        if (is_part or is_other) and file.fit.entity.name in _SOLD:
            file.fit = next(fit for fit in file.fits if fit.entity.name not in _SOLD)
    return found


def _name(
    child: File, ours: str, entity: str, files: Sequence[File], related: Sequence[Reference]
) -> None:
    found = parent(child.fit, ours, entity, files, related)
    if found is None and entity == "products":
        found = by_all_keys(child.fit, entity, files)
    if found is None:
        return
    child.fit = refit(child.fit, _proven(child.fit) | {ours: found.column})
    if ours not in found.file.fit.linked:
        found.file.fit = refit(found.file.of(entity), {ours: found.key})


def _proven(fit: Fit) -> dict[str, str]:
    return {ours: theirs for ours, theirs in fit.columns.items() if ours in fit.linked}


def stand_beside(files: Sequence[File], related: Sequence[Reference]) -> None:
    """Say of files of an entity that another one is read for them."""
    for file in files:
        entity = file.fit.entity
        if file.aside or len(entity.key) != 1 or entity.key[0] in file.fit.linked:
            continue
        for other in files:
            proven = other.fit.entity is entity and entity.key[0] in other.fit.linked
            if proven and not other.aside and _are_related(file, other, related):
                file.aside = (
                    f"the {entity.name} that the other files name are those of "
                    f"{other.series.path.rpartition('/')[2]}"
                )
                file.is_drafted = False


def _are_related(file: File, other: File, related: Sequence[Reference]) -> bool:
    both = {id(file.shape), id(other.shape)}
    return any({id(r.child), id(r.parent)} == both for r in related)
