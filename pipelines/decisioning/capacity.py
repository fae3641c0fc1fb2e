"""Places in campaigns of limited capacity, given before anything is drawn.

Each contact point asks for its best campaign; a campaign keeps the highest values it has places
for and turns the others away, who then ask for their next best, until nobody is turned away
(deferred acceptance, Gale and Shapley 1962: the result does not depend on the order of asking).
Places that nobody asked for go to the next in order, for exploration. Everybody without a place
has the campaign closed (`capacity`). So a campaign is open to no more contact points than it has
places, whatever is drawn afterwards, and the probabilities of the draw stay exact.
"""

import polars as pl

from pipelines.decisioning.candidates import best_first, gains
from pipelines.decisioning.words import Reason


def close_full(pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` (see `candidates.price`) with barrier 'capacity' where there is no place."""
    limited = pairs.filter(pl.col("places").is_not_null() & pl.col("barrier").is_null())
    if limited.is_empty():
        return pairs
    held, refused = _ask(pairs)
    return _close(pairs, pl.concat([held, _spare(limited, held, refused)]))


def _ask(pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(held, refused) pairs of contact_point_id and arm once nobody is turned away."""
    keys = ["contact_point_id", "arm"]
    open_pairs = best_first(pairs.filter(pl.col("barrier").is_null() & gains()))
    refused = open_pairs.clear().select(keys)
    while True:
        asked = open_pairs.unique(subset="contact_point_id", keep="first", maintain_order=True)
        limited = asked.filter(pl.col("places").is_not_null())
        place = pl.int_range(pl.len()).over("arm")  # `asked` is in order of preference
        over = limited.filter(place >= pl.col("places")).select(keys)
        if over.is_empty():
            return limited.select(keys), refused
        refused = pl.concat([refused, over])
        open_pairs = open_pairs.join(over, on=keys, how="anti", maintain_order="left")


def _spare(limited: pl.DataFrame, held: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """The pairs that take the places nobody asked for."""
    keys = ["contact_point_id", "arm"]
    taken = held.group_by("arm").agg(taken=pl.len())
    rest = limited.join(held, on=keys, how="anti").join(refused, on=keys, how="anti")
    left = pl.col("places") - pl.col("taken").fill_null(0)
    ranked = best_first(rest.join(taken, on="arm", how="left"))
    return ranked.filter(pl.int_range(pl.len()).over("arm") < left).select(keys)


def _close(pairs: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    marked = pairs.join(
        placed.with_columns(has_place=pl.lit(True)),
        on=["contact_point_id", "arm"],
        how="left",
        maintain_order="left",
    )
    is_full = (
        pl.col("barrier").is_null() & pl.col("places").is_not_null() & pl.col("has_place").is_null()
    )
    return marked.with_columns(
        barrier=pl.when(is_full).then(pl.lit(Reason.CAPACITY.value)).otherwise(pl.col("barrier"))
    ).drop("has_place")
