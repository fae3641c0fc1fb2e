"""Writes `VALIDATION.md` and its plots: where the simulated shop is like public data, and where it
is not."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.shop.validation.charts import draw
from benchmarks.shop.validation.facts import YEAR, Facts
from benchmarks.shop.validation.public import Public
from benchmarks.shop.validation.published import Source
from benchmarks.shop.validation.sections import OTHERS, SECTIONS, Row, Section

_NAMED = 4
"""Facts outside the range that a section's last sentence names; its table shows them all."""


def write_page(simulated: Facts, public: Public, out: Path, told: str) -> None:
    """`VALIDATION.md` and a PNG a section into the folder `out`; the same bytes for the same facts.
    `told`: how the simulated shop was made, in a sentence (preset, size, seed)."""
    out.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        (out / picture(section)).write_bytes(draw(section.key, simulated, public))
    (out / "VALIDATION.md").write_text(_page(simulated, public, told), encoding="utf-8")


def picture(section: Section) -> str:
    """The file name of a section's plot."""
    return f"validation_{section.key}.png"


@dataclass(frozen=True, slots=True)
class _Judged:
    """A fact of the simulated shop beside the range of the public ones."""

    row: Row
    value: float
    low: float
    high: float

    @property
    def factor(self) -> float:
        """How many times the nearer end of the range it is away; 1 inside."""
        if self.low <= self.value <= self.high:
            return 1.0
        small, great = sorted((self.value, self.low if self.value < self.low else self.high))
        return great / small if small > 0 else float("inf")

    @property
    def verdict(self) -> str:
        if self.factor == 1.0:
            return "inside"
        return "below" if self.value < self.low else "above"

    def __str__(self) -> str:
        unit = self.row.unit
        return (
            f"{self.row.label} ({unit(self.value)} against {_span(self.row, self.low, self.high)})"
        )


def _page(simulated: Facts, public: Public, told: str) -> str:
    sources = _Sources(public)
    judged = [one for section in SECTIONS for one in _judge(section.rows, simulated, public)]
    inside = sum(one.factor == 1.0 for one in judged)
    parts = [
        "# The simulated shop beside public data",
        f"{told.rstrip('.')}. Of {len(judged)} facts that at least two public figures tell, "
        f"{inside} lie inside the range that these span and {len(judged) - inside} outside.",
        f"Orders are those of the last {YEAR} days, for the simulated shop and the public ones "
        "alike: how often customers come back depends on how long they are watched. The public "
        "shops are few and of other trades, so their range says what occurs, not what is right. "
        "Numbers in brackets are the sources, below.",
        *(
            f"- **{one.name}** [{sources.place(one.source)}]: {one.source.about}."
            for one in public.measured
        ),
    ]
    text = "\n\n".join(parts[:3]) + "\n\n" + "\n".join(parts[3:])
    for section in SECTIONS:
        text += "\n\n" + _section(section, simulated, public, sources)
    text += "\n\n## Other published figures\n\n"
    text += "What neither orders, sessions nor mails tell, for whoever sets the simulator.\n\n"
    text += _table(OTHERS, simulated, public, sources)
    return f"{text}\n\n## Sources\n\n{sources.listed()}\n"


def _section(section: Section, simulated: Facts, public: Public, sources: "_Sources") -> str:
    return "\n\n".join(
        (
            f"## {section.title}",
            section.compares,
            f"![{section.title} of the simulated shop and of public data]({picture(section)})",
            _table(section.rows, simulated, public, sources),
            _verdict(_judge(section.rows, simulated, public)),
        )
    )


def _verdict(judged: list[_Judged]) -> str:
    """One sentence: what lies outside, the furthest first."""
    if not judged:
        return "There are not two public figures of any of these facts to compare with."
    outside = sorted(
        (one for one in judged if one.factor > 1.0), key=lambda one: (-one.factor, one.row.name)
    )
    if not outside:
        return f"All {len(judged)} facts with a public range lie inside it."
    named = "; ".join(str(one) for one in outside[:_NAMED])
    more = len(outside) - _NAMED
    return (
        f"**{len(outside)} of {len(judged)} facts lie outside the public range:** {named}"
        f"{f'; and {more} more, in the table' if more > 0 else ''}."
    )


def _judge(rows: tuple[Row, ...], simulated: Facts, public: Public) -> list[_Judged]:
    """The simulated facts that at least two public numbers can be held against."""
    judged = []
    for row in rows:
        known = [one.facts[row.name] for one in public.measured if row.name in one.facts]
        for figure in public.published:
            if figure.name == row.name:
                known += figure.numbers
        if row.name in simulated and len(known) > 1:
            judged.append(_Judged(row, simulated[row.name], min(known), max(known)))
    return judged


def _table(rows: tuple[Row, ...], simulated: Facts, public: Public, sources: "_Sources") -> str:
    names = {row.name for row in rows}
    sets = [one for one in public.measured if names & one.facts.keys()]
    published = {row.name: _published(row, public, sources) for row in rows}
    verdicts = {one.row.name: one.verdict for one in _judge(rows, simulated, public)}
    head = ["", "simulated", *(one.name for one in sets)]
    head += ["published"] if any(published.values()) else []
    lines = [[*head, "simulated is"]]
    lines.append(["---", *("--:" for _ in head[1:]), "---"])
    for row in rows:
        cells = [row.label, _cell(row, simulated), *(_cell(row, one.facts) for one in sets)]
        cells += [published[row.name]] if any(published.values()) else []
        lines.append([*cells, verdicts.get(row.name, "")])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(row: Row, facts: Facts) -> str:
    return row.unit(facts[row.name]) if row.name in facts else "–"


def _published(row: Row, public: Public, sources: "_Sources") -> str:
    figures = [one for one in public.published if one.name == row.name]
    numbers = [number for one in figures for number in one.numbers]
    if not numbers:
        return ""
    places = sorted({sources.place(one.source) for one in figures})
    span = _span(row, min(numbers), max(numbers))
    return f"{span} [{', '.join(str(place) for place in places)}]"


def _span(row: Row, low: float, high: float) -> str:
    """The unit once, as in 2 to 22 days."""
    below, above = row.unit(low), row.unit(high)
    return above if below == above else f"{below.split(' ')[0]} to {above}"


class _Sources:
    """The sources of a page, numbered in the order of the data sets and figures."""

    def __init__(self, public: Public) -> None:
        known = [one.source for one in public.measured] + [one.source for one in public.published]
        self._all = list(dict.fromkeys(known))

    def place(self, source: Source) -> int:
        """From 1."""
        return self._all.index(source) + 1

    def listed(self) -> str:
        """A numbered list."""
        return "\n".join(
            f"{self.place(one)}. {one.publisher}, [{one.title}]({one.address}), {one.year}: "
            f"{one.about}."
            for one in self._all
        )
