"""What files are when their names say nothing: an order is what lines point to, a customer what
orders point to and an e-mail address belongs to."""

from dataclasses import dataclass, field

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.links import overlap
from pipelines.sources.guess.looks import MOST, share, time_format
from pipelines.sources.guess.shape import Shape, money
from pipelines.sources.guess.sums import amounts

_SAME, _MOST_HAVE, _FEW = 0.8, 0.5, 10


@dataclass(frozen=True, slots=True)
class Role:
    """A file is of `entity`, and these columns of it are told by values: canonical → theirs.
    `sums`: those told by arithmetic."""

    shape: Shape
    entity: str
    columns: dict[str, str]
    sums: dict[str, str] = field(default_factory=dict)


def roles(shapes: list[Shape]) -> list[Role]:
    """The orders and their lines, the customers and the products, as the values tell; empty where
    no two files belong together as orders and lines do."""
    pairs = [
        (heads_known, len(head.columns[key]), head, key, lines, name)
        for head in shapes
        if _has_time(head) and money(head) and not _emails(head)
        for lines in shapes
        if lines is not head and money(lines)
        for key, name, heads_known in _pointed(head, lines)
    ]
    if not pairs:
        return []
    _, _, head, key, lines, name = max(pairs, key=lambda pair: pair[:2])
    found = [
        Role(head, "orders", {"order_id": key}),
        Role(lines, "order_lines", {"order_id": name}),
    ]
    if told := amounts(head, key, lines, name):
        total, quantity, price = told
        found[0].sums["total_amount"] = total
        found[1].sums.update(quantity=quantity, unit_price=price)
    rest = [shape for shape in shapes if shape is not head and shape is not lines]
    for entity, ours, child in (
        ("contacts", "contact_id", found[0]),
        ("products", "product_id", found[1]),
    ):
        for parent in rest:
            if bool(_emails(parent)) is not (entity == "contacts"):
                continue
            link = _link(parent, child.shape, taken=set(child.columns.values()))
            if link:
                found.append(Role(parent, entity, {ours: link[0]}))
                child.columns[ours] = link[1]
                break
    return found


def assume(fit: Fit, role: Role) -> None:
    """Map what the values tell, for a fit of the role's entity."""
    for ours, theirs in role.columns.items():
        if fit.columns.get(ours) != theirs:
            fit.take(ours, theirs, "is told by its values alone: other files have the same")
        fit.linked.add(ours)
    for ours, theirs in role.sums.items():
        if fit.columns.get(ours) != theirs:
            fit.take(ours, theirs, "is told by its values: quantity × price of the lines is total")


def _has_time(shape: Shape) -> bool:
    return any(values and time_format(values) is not None for values in shape.columns.values())


def _emails(shape: Shape) -> list[str]:
    return [
        name
        for name, values in shape.columns.items()
        if values and share("@" in value for value in values[:500]) >= MOST
    ]


def _pointed(head: Shape, lines: Shape) -> list[tuple[str, str, float]]:
    """The key of one file, the repeated column of the other with the same values, and the share of
    the keys that it has."""
    return [
        (key, name, overlap(values, held))
        for key, values in head.columns.items()
        if key in head.keys & head.full and len(set(values)) >= _FEW
        for name, held in lines.columns.items()
        if name in lines.full and name not in lines.keys
        if overlap(held, values) >= _SAME and overlap(values, held) >= _MOST_HAVE
    ]


def _link(parent: Shape, child: Shape, taken: set[str]) -> tuple[str, str] | None:
    """The parent's key and the child's column whose values are among it: texts, or long numbers,
    for short ones are equal by chance."""
    found = [
        (round(overlap(values, held), 1), share(" " not in v for v in values), key, name)
        for key, values in parent.columns.items()
        if key in parent.keys & parent.full and len(set(values)) >= _FEW
        for name, held in child.columns.items()
        if name not in taken and held and len(set(held)) >= _FEW
        if not all(value.isdigit() and len(value) < 5 for value in held)
        if overlap(held, values) >= _SAME
    ]
    return max(found)[2:] if found else None
