"""From an Altair chart to an SVG that lives in the page: its colours are the page's (light or
dark), its text uses the page's font, its ids are its own, and a title speaks for it."""

import html
import re
from typing import Any, Literal

import altair as alt
import vl_convert

from pipelines.reporting.words import Language

# Stand-ins that survive the conversion; each becomes a custom property of style.css.
INK, SOFT, LINE, ACCENT, FAINT = "#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04", "#0a0b05"
SERIES = ("#0a0b11", "#0a0b12", "#0a0b13", "#0a0b14", "#0a0b15", "#0a0b16")
_PROPERTIES = {
    INK: "--ink",
    SOFT: "--soft",
    LINE: "--line",
    ACCENT: "--accent",
    FAINT: "--faint",
    **{token: f"--series-{number}" for number, token in enumerate(SERIES, start=1)},
}
_LOCALES: dict[Language, Literal["fr-FR", "en-GB"]] = {"fr": "fr-FR", "en": "en-GB"}


def to_svg(chart: Any, language: Language, name: str, title: str) -> str:
    """`name` is unique on its page; `title` says in a sentence what the chart shows."""
    styled = (
        chart.configure(aria=False, background="transparent", font="sans-serif", padding=2)
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=LINE,
            gridColor=LINE,
            tickColor=LINE,
            labelColor=SOFT,
            titleColor=SOFT,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
            labelLimit=260,
        )
        .configure_legend(
            labelColor=INK, labelFontSize=12, title=None, orient="top", labelLimit=240
        )
    )
    with alt.data_transformers.enable("default", max_rows=None):
        spec = styled.to_dict()
    locale = _LOCALES[language]
    svg = vl_convert.vegalite_to_svg(spec, format_locale=locale, time_format_locale=locale)
    return _adopt(svg, name, title)


def _adopt(svg: str, name: str, title: str) -> str:
    for token, custom_property in _PROPERTIES.items():
        svg = svg.replace(f'"{token}"', f'"var({custom_property})"')
    svg = re.sub(r'\sfont-family="[^"]*"', "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'\s(version|xmlns(:\w+)?|class|style|role|aria-\w+)="[^"]*"', "", svg)
    size = re.search(r'width="([\d.]+)"', svg)
    width = size.group(1) if size else "600"
    svg = re.sub(r'<svg([^>]*?) width="[^"]*" height="[^"]*"', r"<svg\1", svg, count=1)
    opening = (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title" style="width:{width}px"'
    )
    svg = svg.replace("<svg", opening, 1)
    label = f'<title id="{name}-title">{html.escape(title)}</title>'
    return re.sub(r"(<svg[^>]*>)", rf"\1{label}", svg, count=1)
