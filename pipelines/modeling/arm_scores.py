"""Scores of `arm_effects` models: every customer × active campaign, by campaign and segment."""

import duckdb
import numpy as np
import polars as pl

from pipelines.modeling import registry
from pipelines.modeling.card import Card
from pipelines.modeling.effects import Effects
from pipelines.specs.night import Night


def stage_effects(
    con: duckdb.DuckDBPyConnection, night: Night, card: Card, version: str, staged: str
) -> None:
    """Insert into `staged` (shape of ml.scores) one row per customer and active campaign whose
    audience is chosen. Few effects are looked up here; the many rows are joined in DuckDB."""
    text = registry.load_text(night.paths.registry, card.model, version, "effects.json")
    try:
        effects = Effects.model_validate_json(text)
    except ValueError:
        path = night.paths.registry / card.model / version / "effects.json"
        raise registry.damaged(path) from None
    campaigns = con.execute(
        "select campaign_id, coalesce(theme, '') from marts.campaigns"
        " where is_active and audience = 'chosen' order by campaign_id"
    ).fetchall()
    population = f'"{card.population}"' if card.population else "true"
    segments = con.execute(
        "select coalesce(segment, ''), count(*) from features.customer_features"
        f" where as_of = ? and {population} group by 1 order by 1",
        [night.as_of],
    ).fetchall()
    if not campaigns or not segments:
        return
    lookup = pl.DataFrame(
        [row for c, theme in campaigns for row in _rows(effects, c, theme, segments)],
        schema=["item_id", "segment", "value", "lower", "upper", "percentile", "flag"],
        orient="row",
    )
    con.register("effects_lookup", lookup.to_arrow())
    con.execute(
        f"""
        insert into {staged}
        select f.as_of, ?, f.customer_id, e.item_id, ?, e.value, e.lower, e.upper,
               cast(e.percentile as integer), e.flag
        from features.customer_features as f
        join effects_lookup as e on e.segment = coalesce(f.segment, '')
        where f.as_of = ? and {population}
        """,
        [card.model, version, night.as_of],
    )
    con.unregister("effects_lookup")


def _rows(
    effects: Effects, campaign: str, theme: str, segments: list[tuple[str, int]]
) -> list[tuple[str, str, float, float, float, int, str]]:
    """One row per segment. The percentile ranks customers within the campaign; customers of one
    segment are tied and share their mean rank. The flag says what the effect rests on."""
    found = [effects.effect(campaign, theme, segment) for segment, _ in segments]
    count = np.array([n for _, n in segments], dtype=np.float64)
    value = np.array([mean for mean, *_ in found])
    below = np.array([count[value < v].sum() for v in value])
    tied = np.array([count[value == v].sum() for v in value])
    percentile = np.clip(np.ceil(100 * (below + (tied + 1) / 2) / count.sum()), 1, 100)
    flag = _flag(effects, campaign, theme)
    return [
        (campaign, segment, *effect, int(p), flag)
        for (segment, _), effect, p in zip(segments, found, percentile, strict=True)
    ]


def _flag(effects: Effects, campaign: str, theme: str) -> str:
    if not effects.campaigns:
        return "no_control"
    if campaign in effects.campaigns:
        return ""
    return "by_theme" if theme in effects.themes else "by_all_campaigns"
