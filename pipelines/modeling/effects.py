"""What a campaign adds to the probability of a purchase: overall → theme → campaign, with
deviations of segments, all shrunk towards the level above."""

from collections import defaultdict

import numpy as np
import polars as pl
from pydantic import Field

from pipelines.modeling.card import r9
from pipelines.modeling.ipw import Estimate, hajek
from pipelines.modeling.metrics import Z90
from pipelines.modeling.shrinkage import (
    Belief,
    between_variance,
    posterior,
    random_effects_mean,
    variance_around_zero,
)
from pipelines.specs.closed import Closed

# Rows per arm for an effect of its own; below, the normal likelihood is a fiction.
ARM_AT_LEAST = 20
PRIOR_SD = 0.02  # effects of single messages beyond ±4 points of purchase probability are rare


class Effect(Closed):
    """A belief about an incremental purchase probability within the outcome window."""

    mean: float
    variance: float

    @classmethod
    def of(cls, belief: Belief) -> "Effect":
        return cls(mean=r9(belief.mean), variance=r9(belief.variance))


class Effects(Closed):
    """effects.json. `overall`, `themes`: a campaign never sent, of any or of that theme (posterior
    predictive: the spread between campaigns is in the variance). `campaigns`: those sent with a
    control. `segments`: theme ('' for any) → segment → deviation from the campaign's effect."""

    overall: Effect
    themes: dict[str, Effect] = Field(default_factory=dict)
    campaigns: dict[str, Effect] = Field(default_factory=dict)
    segments: dict[str, dict[str, Effect]] = Field(default_factory=dict)
    treated: int = 0
    control: int = 0

    def effect(self, campaign: str, theme: str, segment: str) -> tuple[float, float, float]:
        """Mean, lower and upper (90 %) of the incremental purchase probability."""
        base = self.campaigns.get(campaign) or self.themes.get(theme) or self.overall
        by_segment = self.segments.get(theme) or self.segments.get("") or {}
        deviation = by_segment.get(segment) or (self.segments.get("") or {}).get(segment)
        mean = base.mean + (deviation.mean if deviation else 0.0)
        half = Z90 * np.sqrt(base.variance + (deviation.variance if deviation else 0.0))
        return r9(mean), r9(mean - half), r9(mean + half)


def no_effect() -> Effects:
    """The prior where nothing can be learned: zero on average, with a wide interval."""
    return Effects(overall=Effect(mean=0.0, variance=r9(PRIOR_SD**2)))


def estimate(sends: pl.DataFrame) -> Effects:
    """Effects from matured sends: campaign_id, theme, segment, is_treated, assignment_probability,
    purchased. Campaigns without enough control rows teach nothing: who would have bought anyway is
    unknown. The no-effect prior when no campaign has them."""
    own = _estimates(sends, ["theme", "campaign_id"])
    if not own:
        return no_effect()
    by_theme: dict[str, list[tuple[str, Estimate]]] = defaultdict(list)
    for (theme, campaign), found in sorted(own.items()):
        by_theme[theme].append((campaign, found))
    arrays = {theme: _arrays([e for _, e in members]) for theme, members in by_theme.items()}
    within = between_variance(list(arrays.values()))
    means = {theme: random_effects_mean(*pair, within) for theme, pair in arrays.items()}
    theme_effects = np.array([m.mean for m in means.values()])
    theme_variances = np.array([m.variance for m in means.values()])
    across = between_variance([(theme_effects, theme_variances)])
    overall = random_effects_mean(theme_effects, theme_variances, across)
    themes = {t: posterior(overall, across, m.mean, m.variance) for t, m in means.items()}
    campaigns = {
        campaign: posterior(themes[theme], within, e.effect, e.variance)
        for theme, members in by_theme.items()
        for campaign, e in members
    }
    # With few campaigns the moments often say "no spread at all"; a campaign nobody has sent yet
    # must not be trusted that much.
    spread = max(within, PRIOR_SD**2 / 4)
    return Effects(
        overall=Effect.of(_widened(overall, spread + max(across, PRIOR_SD**2 / 4))),
        themes={t: Effect.of(_widened(b, spread)) for t, b in themes.items()},
        campaigns={c: Effect.of(b) for c, b in sorted(campaigns.items())},
        segments=_segments(sends, own),
        treated=sum(e.treated for e in own.values()),
        control=sum(e.control for e in own.values()),
    )


def _widened(belief: Belief, variance: float) -> Belief:
    return Belief(belief.mean, belief.variance + variance)


def _arrays(found: list[Estimate]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([e.effect for e in found]), np.array([e.variance for e in found])


def _estimates(sends: pl.DataFrame, by: list[str]) -> dict[tuple[str, ...], Estimate]:
    """Key → estimate, for the groups with enough rows in both arms."""
    found: dict[tuple[str, ...], Estimate] = {}
    for key, group in sends.group_by(by, maintain_order=True):
        one = hajek(
            group["purchased"].cast(pl.Float64).to_numpy(),
            group["is_treated"].to_numpy(),
            group["assignment_probability"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
            ARM_AT_LEAST,
        )
        if one is not None:
            found[tuple(str(part) for part in key)] = one
    return found


def _segments(
    sends: pl.DataFrame, own: dict[tuple[str, ...], Estimate]
) -> dict[str, dict[str, Effect]]:
    """Deviations of segments from their campaign: per theme, shrunk to the segment's mean over all
    themes, which is shrunk to zero. The variance of a part minus the whole that contains it is
    v_part − v_whole when the whole is the precision-weighted mean of its parts; half of v_part is
    the least we believe."""
    cells: dict[tuple[str, str], list[Belief]] = defaultdict(list)
    for (theme, campaign, segment), part in sorted(
        _estimates(sends, ["theme", "campaign_id", "segment"]).items()
    ):
        whole = own.get((theme, campaign))
        if whole is not None:
            variance = max(part.variance - whole.variance, part.variance / 2)
            cells[theme, segment].append(Belief(part.effect - whole.effect, variance))
    pooled = {
        cell: random_effects_mean(
            np.array([b.mean for b in parts]), np.array([b.variance for b in parts]), 0.0
        )
        for cell, parts in cells.items()
    }
    general = _general(pooled)
    result: dict[str, dict[str, Effect]] = {"": {s: Effect.of(b) for s, b in general.items()}}
    around = variance_around_zero(
        np.array([b.mean - general[s].mean for (_, s), b in pooled.items()]),
        np.array([b.variance for b in pooled.values()]),
    )
    for (theme, segment), seen in sorted(pooled.items()):
        shrunk = posterior(general[segment], around, seen.mean, seen.variance)
        result.setdefault(theme, {})[segment] = Effect.of(shrunk)
    return result


def _general(pooled: dict[tuple[str, str], Belief]) -> dict[str, Belief]:
    """Segment → its deviation over all themes, shrunk to zero."""
    by_segment: dict[str, list[Belief]] = defaultdict(list)
    for (_, segment), belief in sorted(pooled.items()):
        by_segment[segment].append(belief)
    means = {
        segment: random_effects_mean(
            np.array([b.mean for b in parts]), np.array([b.variance for b in parts]), 0.0
        )
        for segment, parts in by_segment.items()
    }
    spread = variance_around_zero(
        np.array([b.mean for b in means.values()]), np.array([b.variance for b in means.values()])
    )
    nothing = Belief(0.0, 0.0)
    return {s: posterior(nothing, spread, b.mean, b.variance) for s, b in means.items()}
