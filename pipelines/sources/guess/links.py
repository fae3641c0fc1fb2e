"""Which columns of two files hold the same values: a name may mislead, a thousand equal keys do
not."""

from dataclasses import dataclass

from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.relations import is_counted

_LINKS = (  # entity and column, the entity and column that its values are among
    ("order_lines", "order_id", "orders", "order_id"),
    ("orders", "contact_id", "contacts", "contact_id"),
    ("order_lines", "product_id", "products", "product_id"),
    ("consents", "contact_id", "contacts", "contact_id"),
    ("subscriptions", "contact_id", "contacts", "contact_id"),
    ("stock", "product_id", "products", "product_id"),
    ("stock", "store_id", "stores", "store_id"),
    ("orders", "store_id", "stores", "store_id"),
    ("web_events", "product_id", "products", "product_id"),
    ("web_events", "order_id", "orders", "order_id"),
    ("campaign_sends", "campaign_id", "campaigns", "campaign_id"),
    ("campaign_events", "campaign_id", "campaigns", "campaign_id"),
    ("campaign_events", "send_id", "campaign_sends", "send_id"),
)
_SAME = 0.8  # of the values are found in the other file
_FEW = 5  # distinct values; fewer are equal by chance
_CLEAR = 0.2  # so much better than what the names say


@dataclass(frozen=True, slots=True)
class _Pair:
    mine: str
    other: str
    shared: float


def link(fits: list[Fit]) -> None:
    """Correct the keys of files that belong together, by their values; each correction is noted.
    What the first links have proven, the next ones do not change."""
    for entity, ours, parent_entity, key in _LINKS:
        for child in (f for f in fits if f.entity.name == entity):
            parents = [f for f in fits if f.entity.name == parent_entity and f.is_sure]
            parents = [f for f in parents if key in f.linked] or parents
            parent = max(parents, key=lambda p: _named_share(child, ours, p, key), default=None)
            if parent is not None and ours not in child.linked:
                _link(child, ours, parent, key)


def overlap(values: list[str], others: list[str]) -> float:
    """The share of the distinct values that are among the others."""
    mine = set(values)
    return len(mine & set(others)) / len(mine) if mine else 0.0


def _named_share(child: Fit, ours: str, parent: Fit, key: str) -> tuple[float, float]:
    return overlap(child.values(ours), parent.values(key)), parent.score


def _link(child: Fit, ours: str, parent: Fit, key: str) -> None:
    by_name = overlap(child.values(ours), parent.values(key))
    if by_name >= _SAME:
        parent.linked.add(key)
        if not is_counted(child.values(ours)):
            child.linked.add(ours)
        return
    best = _best_pair(child, ours, parent, key)
    if best is None or best.shared < by_name + _CLEAR:
        return
    said = f"has the values of {key}: {best.other} there ({best.shared:.0%}); told by values"
    if child.columns.get(ours) != best.mine:
        child.take(ours, best.mine, said)
    if parent.columns.get(key) != best.other:
        parent.take(key, best.other, f"is what the {child.entity.name} name ({best.shared:.0%})")
    child.linked.add(ours)
    parent.linked.add(key)


def _best_pair(child: Fit, ours: str, parent: Fit, key: str) -> _Pair | None:
    """The columns that share most values: the keys that the names say first."""
    pairs = []
    keys = [c for c in parent.shape.columns if c in parent.shape.keys]
    if key in parent.linked:  # what another file has proven stays
        keys = [parent.columns[key]]
    for other in keys:
        values = set(parent.shape.columns[other])
        for mine, held in child.shape.columns.items():
            if not _may_be(child, ours, mine, parent, other):
                continue
            shared = overlap(held, parent.shape.columns[other])
            if shared >= _SAME and len(values) >= _FEW:
                named = (child.columns.get(ours) == mine) + 2 * (parent.columns.get(key) == other)
                pairs.append((round(shared, 1), named, len(set(held)), mine, other, shared))
    if not pairs:
        return None
    *_, mine, other, shared = max(pairs)
    return _Pair(mine, other, shared)


def _may_be(child: Fit, ours: str, mine: str, parent: Fit, other: str) -> bool:
    """Whether equal values say something: small numbers are equal in any two files, and count only
    where one of the names says so, too."""
    held = child.shape.columns[mine]
    if len(set(held)) < _FEW or "@" in held[0]:
        return False
    if any(c == mine and o != ours and child.likeness[o] > WEAK for o, c in child.columns.items()):
        return False  # its name says that it is something else
    if not is_counted(held):
        return True
    said = child.shape.bare[mine] or child.shape.words[mine]
    if said == "id":  # each file has its own
        return child.columns.get(ours) == mine
    return child.columns.get(ours) == mine or said in (
        parent.shape.bare[other],
        parent.shape.words[other],
    )
