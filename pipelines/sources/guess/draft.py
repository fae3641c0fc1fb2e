"""The draft of a configuration: a YAML file with a comment wherever something was guessed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.sources.guess.fit import Fit, best_fit
from pipelines.sources.guess.shape import Shape, shape_of
from pipelines.sources.guess.words import words_of

_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "%Y-%m-%d"),
    (re.compile(r"(?<!\d)\d{8}(?!\d)"), "%Y%m%d"),
)
_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
_NEWEST = 3
_KEYED = 60  # characters of a source's name


@dataclass(frozen=True, slots=True)
class Series:
    """Files of one tool: one, or one a day. `files`: the largest, which says how they
    are written, and the newest, which have values that came up lately."""

    path: str
    date_in_path: str
    files: tuple[Path, ...]


def draft(folder: Path, shop: str, time_zone: str, currency: str, country: str) -> str:
    """The configuration for the files below `folder`, to be corrected by hand: comments that begin
    with CHECK name what was guessed. SourceError when there is no file to be understood."""
    blocks: list[str] = []
    aside: list[str] = []
    names: set[str] = set()
    for series in _series(folder):
        try:
            shape = shape_of(series.files[0])
            for newer in series.files[1:]:
                for column, values in shape_of(newer).columns.items():
                    shape.columns.get(column, []).extend(values)
        except SourceError as error:
            aside.append(str(error))
            continue
        fit = best_fit(shape, words_of(Path(series.path).relative_to(folder).as_posix()))
        if fit is None:
            columns = ", ".join(shape.columns)[:200]
            aside.append(f"{series.path}: fits no entity of the contract (columns: {columns})")
            continue
        name = _name(series, folder, names)
        names.add(name)
        blocks.append("\n".join(_source(name, series, shape, fit)))
    if not blocks:
        raise SourceError(
            f"{folder}: no file there is understood" + "".join(f"\n  {why}" for why in aside)
        )
    left = "".join(f"\n#   {why}" for why in aside)
    return (
        f"# A first draft, guessed from the files in {folder}. Lines with CHECK want your eye;\n"
        "# then run `nocturne sources check` with this configuration.\n"
        + (f"# Left aside:{left}\n" if aside else "")
        + f"shop: {shop}\n"
        f"title: {_yaml(shop)}\n"
        f"time_zone: {time_zone}  # CHECK: the night begins at 00:00 there\n"
        f"currency: {currency}\n"
        f"country: {country}  # of telephone numbers without a prefix\n\n"
        "destinations:\n  crm:\n    path: outbox/crm\n\n"
        "sources:\n" + "\n".join(blocks) + "\n"
    )


def _series(folder: Path) -> list[Series]:
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        below = path.relative_to(folder).as_posix()
        style = "%Y-%m-%d"
        for pattern, written in _DATES:
            days = pattern.findall(below)
            if days and all(_is_day(day, written) for day in days):
                below, style = pattern.sub("{date}", below), written
                break
        found.setdefault((f"{folder.as_posix()}/{below}", style), []).append(path)
    return [
        Series(path, style, (max(files, key=lambda p: p.stat().st_size), *files[1:][-_NEWEST:]))
        for (path, style), files in sorted(found.items())
    ]


def _is_day(text: str, written: str) -> bool:
    try:
        day = datetime.strptime(text, written).date()  # noqa: DTZ007
    except ValueError:
        return False
    return date(1990, 1, 1) < day < date(2100, 1, 1)


def _name(series: Series, folder: Path, taken: set[str]) -> str:
    below = Path(series.path).relative_to(folder)
    words = words_of(below.name.replace("{date}", "").split(".")[0]) or words_of(below.parent.name)
    name = re.sub(r"\W+", "_", words).strip("_")[:_KEYED] or "source"
    number = 2
    while name in taken:
        name, number = f"{name.rstrip('0123456789_')}_{number}", number + 1
    return name


def _source(name: str, series: Series, shape: Shape, fit: Fit) -> Iterator[str]:
    yield f"  {name}:"
    yield f"    entity: {fit.entity.name}"
    yield f"    path: {_yaml(series.path)}"
    if series.date_in_path != "%Y-%m-%d":
        yield f"    date_in_path: {_yaml(series.date_in_path)}"
    yield f"    format: {shape.format}"
    settings = {
        "delimiter": shape.delimiter if shape.delimiter != "," else "",
        "decimal": fit.decimal if fit.decimal != "." else "",
        "thousands": fit.thousands,
        "date_format": fit.date_format,
        "timestamp_format": fit.timestamp_format,
    }
    yield from (f"    {setting}: {_yaml(value)}" for setting, value in settings.items() if value)
    if shape.encoding != "utf-8":
        yield f"    encoding: {shape.encoding}  # CHECK: {'; '.join(shape.uncertain) or 'guessed'}"
    if fit.has_naive_times and shape.format != "parquet":
        yield "    # CHECK: its times have no offset; they are read in the shop's time zone. If the"
        yield "    # tool writes another one, set time_zone here."
    yield from (f"    # CHECK: {doubt}" for doubt in fit.uncertain)
    yield from _columns(shape, fit)
    yield from _values(fit)


def _columns(shape: Shape, fit: Fit) -> Iterator[str]:
    for absent in fit.missing:
        yield f"    # CHECK: nothing found for {absent}, which is required: map it below"
    yield "    columns:"
    yield from (f"      {ours}: {_yaml(theirs)}" for ours, theirs in fit.columns.items())
    unused = [column for column in shape.columns if column not in fit.columns.values()]
    if unused:
        yield f"      # kept beside the contract: {', '.join(unused)}"


def _values(fit: Fit) -> Iterator[str]:
    if fit.values or fit.open_values:
        yield "    values:"
    for column in dict.fromkeys([*fit.values, *fit.open_values]):
        known = fit.values.get(column, {})
        allowed = ", ".join(fit.entity.column(column).allowed)
        yield f"      {column}:{'' if known else ' {}'}"
        yield from (f"        {_yaml(theirs)}: {ours}" for theirs, ours in known.items())
        for theirs in fit.open_values.get(column, []):
            yield f"        # CHECK: {_yaml(theirs)}: which of {allowed}?"


def _yaml(text: str) -> str:
    """A scalar: JSON's quotes are YAML's, too."""
    is_plain = re.fullmatch(r"[A-Za-z_][\w.]*", text) and text.lower() not in _YAML_WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)
