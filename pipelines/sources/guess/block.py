"""One source of the draft, as lines of YAML with a comment wherever something was guessed."""

import json
from collections.abc import Iterable, Iterator

from pipelines.sources.guess import gaps
from pipelines.sources.guess.doubts import zone_of
from pipelines.sources.guess.fit import Fit
from pipelines.sources.guess.likeness import WEAK
from pipelines.sources.guess.meanings import meanings_of, scalar, value_lines
from pipelines.sources.guess.payment import secrets
from pipelines.sources.guess.presets import Preset
from pipelines.sources.guess.series import Series
from pipelines.sources.guess.shape import Shape
from pipelines.sources.guess.styles import styles_of
from pipelines.sources.preview import first_names

_ZONE = (
    "CHECK: its times have no offset; they are read in the shop's time zone. If the",
    "tool writes another one, set time_zone here.",
)


def source_lines(
    name: str,
    series: Series,
    fit: Fit,
    others: Iterable[Shape],
    *,
    is_rare: bool,
    times_are: str = "",
) -> Iterator[str]:
    """The lines of a source. `others`: files that may say what codes mean; `is_rare`: other
    sources have files on more days; `times_are`: the time zone of those without an offset."""
    meanings = meanings_of(fit, others)
    styles = styles_of(fit)
    zone = zone_of(fit) if styles.has_naive_times else ""
    yield from _where(name, fit.entity.name, series, is_rare=is_rare)
    yield f"    format: {fit.shape.format}"
    for setting, value in fit.shape.settings.items():
        yield f"    {setting}: {json.dumps(value, ensure_ascii=False)}"
    if fit.shape.delimiter != ",":
        yield f"    delimiter: {scalar(fit.shape.delimiter)}"
    for setting, value in (styles.settings | fit.settings).items():
        yield f"    {setting}: {scalar(value) if isinstance(value, str) else json.dumps(value)}"
    yield from _encoding(fit.shape)
    if zone:
        yield f"    time_zone: {zone}  # its times are called so"
    elif styles.has_naive_times and times_are:
        yield f"    time_zone: {times_are}"
    elif styles.has_naive_times and fit.shape.format != "parquet":
        yield from (f"    # {line}" for line in _ZONE)
    yield from (
        f"    # CHECK: {doubt}"
        for doubt in (*fit.notes, *_kept(fit), *styles.notes, *_weak(fit), *_secret(fit))
    )
    yield from _columns(fit)
    if fit.constants:
        yield "    constants:"
        yield from (f"      {ours}: {scalar(value)}" for ours, value in fit.constants.items())
    yield from value_lines(fit, meanings)
    yield from _rules(fit)


def preset_lines(
    name: str, series: Series, shape: Shape, preset: Preset, entity: str, *, is_rare: bool
) -> Iterator[str]:
    """The lines of a source that a preset maps."""
    yield from _where(name, entity, series, is_rare=is_rare)
    yield f"    preset: {preset.name}  # its columns are those of this export"
    yield from _encoding(shape)


def commented(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a source that is not read until they are uncommented."""
    yield from (f"  # {line.removeprefix('  ')}" for line in lines)


def _where(name: str, entity: str, series: Series, *, is_rare: bool) -> Iterator[str]:
    yield f"  {name}:"
    yield f"    entity: {entity}"
    yield f"    path: {scalar(series.path)}"
    if series.date_in_path != "%Y-%m-%d":
        yield f"    date_in_path: {scalar(series.date_in_path)}"
    if is_rare:
        yield "    on_missing: go_on  # not sent every day"


def _encoding(shape: Shape) -> Iterator[str]:
    if shape.encoding != "utf-8":
        yield f"    encoding: {shape.encoding}  # CHECK: {'; '.join(shape.uncertain) or 'guessed'}"


def _kept(fit: Fit) -> Iterator[str]:
    for theirs, values in fit.shape.keep.items():
        yield f"keep: {theirs}: of the languages {', '.join(values)} is read"


def _weak(fit: Fit) -> Iterator[str]:
    said = {note.partition(":")[0] for note in fit.notes}
    for ours, theirs in fit.columns.items():
        if 0 < fit.likeness[ours] <= WEAK and ours not in said:
            yield f"{ours}: {theirs} is guessed from a part of its name"


def _secret(fit: Fit) -> Iterator[str]:
    if found := secrets(fit.shape):
        yield (
            f"{first_names(found)}: looks like a payment card or a bank account; have it left out "
            "of the export, for what is not mapped is kept, too"
        )


def _columns(fit: Fit) -> Iterator[str]:
    for absent in fit.missing:
        found = gaps.candidates(fit, absent)
        ways = [f"map one of {found}"] if found else ["have it exported"]
        ways += [] if absent in fit.entity.key else ["give a fixed value under constants"]
        yield f"    # CHECK: nothing found for {absent}, which is required: {', or '.join(ways)}"
    yield "    columns:"
    ordered = (c.name for c in fit.entity.columns if c.name in fit.columns)
    yield from (f"      {ours}: {scalar(fit.columns[ours])}" for ours in ordered)
    if unused := fit.unused():
        yield f"      # kept beside the contract: {first_names(unused)}"


def _rules(fit: Fit) -> Iterator[str]:
    """What further columns say, and which records are left out."""
    if fit.overrides:
        yield "    overrides:"
    for ours, columns in fit.overrides.items():
        yield f"      {ours}:"
        for theirs, pairs in columns.items():
            said = ", ".join(f"{scalar(a)}: {scalar(b)}" for a, b in pairs.items())
            yield f"        {scalar(theirs)}: {{{said}}}"
    for setting, rule in (("skip", fit.skip), ("keep", fit.shape.keep)):
        if rule:
            yield f"    {setting}:"
        for theirs, values in rule.items():
            yield f"      {scalar(theirs)}: [{', '.join(map(scalar, values))}]"
