"""The plots of the page as PNG: the simulated shop beside each public data set.

The colours are Okabe and Ito's, which the colour-blind tell apart; shapes tell them apart too.
"""

from collections.abc import Callable, Iterable
from typing import Any

import altair as alt
import vl_convert

from benchmarks.shop.validation import sections
from benchmarks.shop.validation.facts import Facts
from benchmarks.shop.validation.public import Public
from benchmarks.shop.validation.sections import Row

SIMULATED = "Simulated shop"
PUBLISHED = "Published figures"
_INK, _SOFT, _LINE, _GREY = "#1a1a1a", "#444444", "#dddddd", "#999999"
_COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7")
_SHAPES = ("circle", "square", "triangle-up", "diamond")
_FONT = "Liberation Sans"  # comes with vl-convert: the same on every machine
_PERCENT = alt.Axis(format=".0%", tickCount=5, domain=False, ticks=False, gridColor=_LINE)
_BARE = alt.Axis(labelAngle=0, domainColor=_GREY, ticks=False, labelPadding=6, titlePadding=8)

Series = dict[str, Facts]
Rows = list[dict[str, Any]]


def draw(key: str, simulated: Facts, public: Public) -> bytes:
    """The picture of the section with this key."""
    series = {SIMULATED: simulated} | {one.name: one.facts for one in public.measured}
    return _png(_DRAWN[key](series, public))


def _gaps(series: Series, _: Public) -> Any:
    shares = _pairs("gap.share", sections.GAP_BINS)
    return _bars(series, shares, "days to the next order", "share of gaps", width=600)


def _repeat(series: Series, _: Public) -> Any:
    again = [("repeat.share", "in the year"), *_pairs("repeat.within", sections.WITHIN)]
    soon = [*again[1:], again[0]]
    return alt.hconcat(
        _bars(series, soon, "ordered again within … days", "share of customers", width=240),
        _bars(series, _pairs("orders.share", sections.ORDER_BINS), "orders in the year", None, 320),
        spacing=30,
    )


def _baskets(series: Series, _: Public) -> Any:
    quantiles = [(f"basket.{key}_to_median", told) for key, told in sections.QUANTILES.items()]
    log = alt.Scale(type="log", nice=False, padding=10)
    value = alt.Axis(
        values=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50],
        format="~g",
        domain=False,
        ticks=False,
        gridColor=_LINE,
    )
    return alt.hconcat(
        _lines(
            series,
            quantiles,
            "percentile of orders",
            alt.Y("value:Q", title="value ÷ median", scale=log, axis=value),
            width=250,
        ),
        _bars(series, _pairs("lines.share", sections.LINE_BINS), "lines", "share of orders", 270),
        spacing=30,
    )


def _revenue(series: Series, _: Public) -> Any:
    share = alt.Y(
        "value:Q", title="share of revenue", scale=alt.Scale(domain=[0, 1]), axis=_PERCENT
    )
    tops = _pairs("revenue.top", sections.TOP)
    return _lines(series, tops, "best … % of the customers", share, width=420)


def _season(series: Series, _: Public) -> Any:
    def value(title: str | None) -> Any:
        axis = alt.Axis(tickCount=5, domain=False, ticks=False, gridColor=_LINE)
        return alt.Y("value:Q", title=title, scale=alt.Scale(zero=True), axis=axis)

    months = _pairs("season.month", sections.MONTHS)
    weekdays = _pairs("season.weekday", sections.WEEKDAYS)
    return alt.hconcat(
        _lines(series, months, None, value("revenue ÷ mean"), width=360),
        _lines(series, weekdays, None, value(None), width=220),
        spacing=30,
    ).resolve_scale(y="shared")


def _funnel(series: Series, public: Public) -> Any:
    return _dots(series, public, sections.FUNNEL.rows)


def _mails(series: Series, public: Public) -> Any:
    return _dots(series, public, sections.MAILS.rows)


_DRAWN: dict[str, Callable[[Series, Public], Any]] = {
    "gaps": _gaps,
    "repeat": _repeat,
    "baskets": _baskets,
    "revenue": _revenue,
    "funnel": _funnel,
    "season": _season,
    "mails": _mails,
}


def _pairs(prefix: str, labels: dict[str, str]) -> list[tuple[str, str]]:
    return [(f"{prefix}_{key}", label) for key, label in labels.items()]


def _points(series: Series, facts: Iterable[tuple[str, str]]) -> Rows:
    return [
        {"set": name, "label": label, "value": values[fact]}
        for fact, label in facts
        for name, values in series.items()
        if fact in values
    ]


def _encodings(series: Series, rows: Rows) -> tuple[Any, Any]:
    """Colour and shape of each set; those without a row stay out of the legend."""
    present = {row["set"] for row in rows}
    names = [name for name in series if name in present]
    places = [list(series).index(name) for name in names]
    legend = alt.Legend(title=None, orient="top", labelLimit=300, symbolSize=90, columnPadding=18)
    colour = alt.Scale(domain=names, range=[_COLOURS[place] for place in places])
    shape = alt.Scale(domain=names, range=[_SHAPES[place] for place in places])
    return (
        alt.Color("set:N", scale=colour, legend=legend),
        alt.Shape("set:N", scale=shape, legend=legend),
    )


def _bars(
    series: Series,
    facts: list[tuple[str, str]],
    x: str | None,
    y: str | None,
    width: int,
) -> Any:
    rows = _points(series, facts)
    colour, _ = _encodings(series, rows)
    return (
        alt.Chart(alt.InlineData(values=rows), width=width, height=200)
        .mark_bar()
        .encode(
            x=alt.X("label:N", sort=None, title=x, axis=_BARE, scale=alt.Scale(paddingInner=0.25)),
            xOffset=alt.XOffset("set:N", sort=list(series)),
            y=alt.Y("value:Q", title=y, axis=_PERCENT),
            color=colour,
        )
    )


def _lines(series: Series, facts: list[tuple[str, str]], x: str | None, y: Any, width: int) -> Any:
    rows = _points(series, facts)
    colour, shape = _encodings(series, rows)
    base = alt.Chart(alt.InlineData(values=rows), width=width, height=200).encode(
        x=alt.X("label:N", sort=None, title=x, axis=_BARE, scale=alt.Scale(padding=0.3)),
        y=y,
        color=colour,
    )
    return base.mark_line(strokeWidth=1.5) + base.mark_point(
        filled=True, size=60, opacity=1
    ).encode(shape=shape)


def _dots(series: Series, public: Public, facts: tuple[Row, ...]) -> Any:
    """A row per rate on a logarithmic axis; a grey bar spans what was published. A rate of 0 has no
    place there and is left out."""
    pairs = [(row.name, row.label) for row in facts]
    rows = [row for row in _points(series, pairs) if row["value"] > 0]
    spans, marks = _published(public, pairs)
    present = {row["label"] for row in rows} | {mark["label"] for mark in marks}
    labels = [label for _, label in pairs if label in present]
    colour, shape = _encodings(series, rows)
    y = alt.Y("label:N", sort=labels, title=None, scale=alt.Scale(domain=labels), axis=_ROWS)
    axis = alt.Axis(
        values=[0.00001, 0.0001, 0.001, 0.01, 0.1, 1],
        labelExpr="format(100 * datum.value, '~f') + ' %'",
        gridColor=_LINE,
        domain=False,
        ticks=False,
    )
    least = min((row["value"] for row in (*rows, *marks)), default=0.01)
    scale = alt.Scale(type="log", domain=[least / 1.5, 1], nice=False)
    x = alt.X("value:Q", title=None, scale=scale, axis=axis)
    span = (
        alt.Chart(alt.InlineData(values=spans))
        .mark_bar(height=12, color=_LINE)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis, title=None), x2="high:Q", y=y)
    )
    mark = (
        alt.Chart(alt.InlineData(values=marks))
        .mark_tick(color=_INK, thickness=1.5, height=12)
        .encode(x=x, y=y, opacity=alt.Opacity("set:N", scale=alt.Scale(range=[1]), legend=_TICKS))
    )
    chart = span + mark
    if rows:
        chart += (
            alt.Chart(alt.InlineData(values=rows))
            .mark_point(filled=True, size=110, opacity=1)
            .encode(x=x, y=y, color=colour, shape=shape)
        )
    return chart.properties(width=430, height=alt.Step(26))


_ROWS = alt.Axis(domain=False, ticks=False, labelPadding=8, labelLimit=300, grid=False)
_TICKS = alt.Legend(
    title=None, orient="top", symbolType="square", symbolFillColor=_LINE, symbolStrokeColor=_INK
)


def _published(public: Public, pairs: list[tuple[str, str]]) -> tuple[Rows, Rows]:
    """The span of each fact's published figures, and a mark for each of them."""
    spans, marks = [], []
    for name, label in pairs:
        ends: list[float] = []
        for figure in public.published:
            if figure.name == name:
                ends += figure.numbers
        if ends:
            spans.append({"label": label, "low": min(ends), "high": max(ends)})
            marks += [{"label": label, "value": end, "set": PUBLISHED} for end in ends]
    return spans, marks


def _png(chart: Any) -> bytes:
    styled = (
        chart.configure(background="white", font=_FONT, padding=8)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_SOFT,
            titleColor=_SOFT,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
        )
        .configure_legend(labelColor=_INK, labelFontSize=13)
    )
    return bytes(vl_convert.vegalite_to_png(styled.to_dict(), scale=1.25))
