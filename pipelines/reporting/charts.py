"""The charts of the report, each a function from counted rows to an SVG."""

from typing import Any

import altair as alt

from pipelines.reporting.svg import ACCENT, FAINT, INK, SERIES, SOFT, to_svg
from pipelines.reporting.words import Words

Rows = list[dict[str, Any]]
_SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+.1f')"
_BARE = alt.Axis(title=None, grid=False, ticks=False, domain=False, labelPadding=8)


def histogram(words: Words, name: str, title: str, rows: Rows) -> str:
    """Customers by score, in 20 bins of 5 points. `rows`: bin, customers."""
    counts = {row["bin"]: row["customers"] for row in rows}
    data = [{"low": n / 20, "high": (n + 1) / 20, "customers": counts.get(n, 0)} for n in range(20)]
    chart = (
        alt.Chart(alt.InlineData(values=data), width=270, height=110)
        .mark_bar(color=ACCENT, binSpacing=1.5)
        .encode(
            x=alt.X(
                "low:Q",
                bin="binned",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(
                    format="%",
                    values=[0, 0.25, 0.5, 0.75, 1],
                    grid=False,
                    title=words("axis.score"),
                ),
            ),
            x2="high:Q",
            y=alt.Y(
                "customers:Q",
                axis=alt.Axis(tickCount=3, domain=False, title=None, ticks=False, format=",.0f"),
            ),
        )
    )
    return to_svg(chart, words.language, name, title)


def calibration(words: Words, name: str, title: str, bins: Rows) -> str:
    """What was predicted against what came true. `bins`: predicted, actual (0–1), count."""
    top = max([0.05, *(b["predicted"] for b in bins), *(b["actual"] for b in bins)]) * 1.08
    scale = alt.Scale(domain=[0, top], nice=False)
    line = (
        alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": top, "y": top}]))
        .mark_line(color=SOFT, strokeDash=[3, 4], strokeWidth=1)
        .encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale))
    )
    points = (
        alt.Chart(alt.InlineData(values=bins))
        .mark_circle(color=ACCENT, opacity=1, size=46)
        .encode(
            x=alt.X(
                "predicted:Q",
                scale=scale,
                axis=alt.Axis(format="%", tickCount=4, grid=False, title=words("axis.predicted")),
            ),
            y=alt.Y(
                "actual:Q",
                scale=scale,
                axis=alt.Axis(
                    format="%", tickCount=4, domain=False, ticks=False, title=words("axis.actual")
                ),
            ),
        )
    )
    chart = (line + points).properties(width=230, height=150)
    return to_svg(chart, words.language, name, title)


def against_rule(words: Words, name: str, title: str, rows: Rows) -> str:
    """The ranking of the model and of the naive rule. `rows`: label, value, lower, upper, best."""
    ends = [row[key] for row in rows for key in ("value", "lower", "upper") if row[key] is not None]
    domain = [min(ends) - 0.02, max(ends) + 0.02]
    base = alt.Chart(alt.InlineData(values=rows))
    y = alt.Y("label:N", sort=None, axis=_BARE)
    color = alt.condition("datum.best", alt.value(ACCENT), alt.value(SOFT))
    x = alt.X(
        "lower:Q",
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(format=".2f", tickCount=4, title=words("axis.auc")),
    )
    bars = base.mark_rule(strokeWidth=3).encode(x=x, x2="upper:Q", y=y, color=color)
    dots = base.mark_circle(size=90, opacity=1).encode(x="value:Q", y=y, color=color)
    chart = (bars + dots).properties(width=200, height=70)
    return to_svg(chart, words.language, name, title)


def segments(words: Words, name: str, title: str, rows: Rows, arms: list[str]) -> str:
    """Share of each arm in each segment. `rows`: segment, arm (both as shown), decisions."""
    colors = [*SERIES[: len(arms) - 1], FAINT]
    chart = (
        alt.Chart(alt.InlineData(values=rows), width=620, height=alt.Step(32))
        .mark_bar(height=20)
        .encode(
            x=alt.X(
                "decisions:Q",
                stack="normalize",
                axis=alt.Axis(format="%", tickCount=5, title=None, domain=False),
            ),
            y=alt.Y("segment:N", sort=None, axis=_BARE),
            color=alt.Color(
                "arm:N",
                sort=arms,
                scale=alt.Scale(domain=arms, range=colors),
                legend=alt.Legend(columns=4, symbolType="square"),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    return to_svg(chart, words.language, name, title)


def forest(words: Words, name: str, title: str, rows: Rows, width: int) -> str:
    """Effects with 95 % intervals. `rows`: label, effect, lower, upper in percentage points,
    certain (the interval leaves out zero)."""
    base = alt.Chart(alt.InlineData(values=rows))
    y = alt.Y("label:N", sort=None, axis=_BARE)
    color = alt.condition("datum.certain", alt.value(ACCENT), alt.value(SOFT))
    zero = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}]))
        .mark_rule(color=INK, strokeWidth=1)
        .encode(x="zero:Q")
    )
    x = alt.X("lower:Q", axis=alt.Axis(title=words("axis.effect"), tickCount=8, labelExpr=_SIGNED))
    bars = base.mark_rule(strokeWidth=3).encode(x=x, x2="upper:Q", y=y, color=color)
    dots = base.mark_circle(size=110, opacity=1).encode(x="effect:Q", y=y, color=color)
    chart = (zero + bars + dots).properties(width=width, height=alt.Step(32))
    return to_svg(chart, words.language, name, title)


def lacking(words: Words, name: str, title: str, rows: Rows, channels: list[str]) -> str:
    """Revenue of the buyers whose record lacks an attribute. `rows`: item, channel (both as shown),
    amount, rank of the channel."""
    colors = [*SERIES[: len(channels)], *[FAINT] * (len(channels) - len(SERIES))]
    chart = (
        alt.Chart(alt.InlineData(values=rows), width=560, height=alt.Step(28))
        .mark_bar(height=18)
        .encode(
            x=alt.X(
                "amount:Q",
                axis=alt.Axis(
                    format=",.0f",
                    tickCount=5,
                    domain=False,
                    title=words("axis.revenue", currency=words.currency),
                ),
            ),
            y=alt.Y("item:N", sort=None, axis=_BARE),
            color=alt.Color(
                "channel:N",
                sort=channels,
                scale=alt.Scale(domain=channels, range=colors),
                legend=alt.Legend(columns=5, symbolType="square"),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    return to_svg(chart, words.language, name, title)
