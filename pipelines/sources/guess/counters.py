"""Several files of orders: what tells their records apart, and how they were sold."""

from collections.abc import Sequence

from pipelines.sources.guess.aside import two_counters
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.join import Pair

_TILL = {"pos", "till", "receipt", "ticket", "tickets", "register", "retail", "store"}
_LETTERS = 4


def tell_apart(pairs: Sequence[Pair]) -> None:
    """Prefixes for ids that two files count alike, and the channel where one is a till's."""
    read = [pair for pair in pairs if not pair.orders.aside]
    read.sort(key=lambda pair: (_is_till(pair), -pair.orders.shape.rows))
    for place, pair in enumerate(read):
        if any(two_counters(pair.orders.fit, other.orders.fit) for other in read[:place]):
            _prefix(pair)
    are_tills = [_is_till(pair) for pair in read]
    if len(read) > 1 and any(are_tills):
        for pair, is_till in zip(read, are_tills, strict=True):
            if "channel" not in pair.orders.fit.columns:
                _sold(pair.orders.fit, "store" if is_till else "web")


def _is_till(pair: Pair) -> bool:
    return bool(_TILL & set(pair.orders.shape.table.split()))


def _prefix(pair: Pair) -> None:
    first = (pair.orders.shape.table.split() or ["b"])[0][:_LETTERS].upper()
    for fit in (pair.orders.fit, pair.lines.fit):
        fit.settings["prefixes"] = {"order_id": f"{first}-"}
        fit.notes.append(
            "prefixes: other orders have the same order_id and another total: two counters"
        )


def _sold(fit: Fit, channel: str) -> None:
    fit.constants["channel"] = channel
    fit.notes.append(f"channel: {channel} is guessed from the names of the files")
