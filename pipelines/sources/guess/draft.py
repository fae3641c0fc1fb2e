"""The draft of a configuration: a YAML file with a comment wherever something was guessed."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.sources.guess.block import commented, preset_lines, source_lines
from pipelines.sources.guess.file import File
from pipelines.sources.guess.meanings import scalar
from pipelines.sources.guess.missing import missing
from pipelines.sources.guess.series import Series, stem_of
from pipelines.sources.guess.understand import understood

_KEYED = 60  # characters of a source's name


def draft(
    folder: Path, shop: str, time_zone: str, currency: str, country: str, *, times_are: str = ""
) -> str:
    """The configuration for the files below `folder`, to be corrected by hand: comments that begin
    with CHECK name what was guessed. `times_are`: the zone of times without an offset, where it is
    known. SourceError when there is no file to be understood."""
    files, unread = understood(folder, currency, country)
    if not any(not file.aside for file in files):
        why = [*unread, *(f"{file.series.path}: {file.aside}" for file in files)]
        raise SourceError(
            f"{folder}: no file there is understood" + "".join(f"\n  {w}" for w in why)
        )
    read = "\n".join(
        line for lines in _blocks(folder, files, times_are, read=True) for line in lines
    )
    left = "\n".join(
        line for lines in _blocks(folder, files, times_are, read=False) for line in lines
    )
    return (
        f"# A first draft, guessed from the files in {folder}. Lines with CHECK want your eye;\n"
        "# then run `nocturne sources check` with this configuration.\n"
        + "".join(f"# Missing: {absent}\n" for absent in missing(files))
        + "".join(f"# Left aside: {why}\n" for why in unread)
        + f"shop: {shop}\n"
        f"title: {scalar(shop)}\n"
        f"time_zone: {time_zone}  # CHECK: the night begins at 00:00 there\n"
        f"currency: {currency}\n"
        f"country: {country}  # of telephone numbers without a prefix\n\n"
        + "".join(f"{line}\n" for line in _amounts(files))
        + "destinations:\n  crm:\n    path: outbox/crm\n\n"
        f"sources:\n{read}\n"
        + (
            f"\n  # Not read. To read one, correct it and remove its '# '.\n{left}\n"
            if left
            else ""
        )
    )


def _blocks(folder: Path, files: list[File], times_are: str, *, read: bool) -> Iterator[list[str]]:
    """The lines of each source that is read, or of each that is not."""
    names = _Names()
    shapes = [file.shape for file in files]
    most = max(file.series.count for file in files)
    some_undated = any("{date}" not in file.series.path for file in files)
    for file in files:
        name = names.of(file.series, folder, file.within)
        if bool(file.aside) is read:
            continue
        is_dated = "{date}" in file.series.path
        is_rare = is_dated and (file.series.count < most or some_undated)
        if file.preset:
            for entity in file.preset.entities:
                of = names.unique(f"{name}_{entity}")
                yield list(
                    preset_lines(of, file.series, file.shape, file.preset, entity, is_rare=is_rare)
                )
            continue
        lines = []
        if not file.aside or file.is_drafted:
            lines = list(
                source_lines(
                    name, file.series, file.fit, shapes, is_rare=is_rare, times_are=times_are
                )
            )
        if file.aside:
            yield ["", f"  # {file.series.path}: {file.aside}", *commented(lines)]
            continue
        yield lines
        for fit, aside in file.consents:
            of = names.unique(f"{name}_{fit.constants['channel']}_consents")
            lines = list(
                source_lines(of, file.series, fit, (), is_rare=is_rare, times_are=times_are)
            )
            yield (
                ["", f"  # {fit.columns['status']}: {aside}", *commented(lines)] if aside else lines
            )


class _Names:
    """Names of sources, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, series: Series, folder: Path, within: str) -> str:
        said = _plain(stem_of(series, folder))
        said = f"{said}_{_plain(within)}" if within else said
        return self.unique(said[:_KEYED] or "source")

    def unique(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}_{number}", number + 1
        self._taken.add(name)
        return name


def _plain(text: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    ascii_only = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")


def _amounts(files: list[File]) -> Iterator[str]:
    """What the orders' total includes, as its name says, or what the lines come to."""
    totals = [
        file
        for file in files
        if file.fit.entity.name == "orders"
        and not file.aside
        and "total_amount" in file.fit.columns
    ]
    if not totals:
        return
    fit, found = totals[0].fit, totals[0].lines_come_to
    theirs = fit.columns["total_amount"]
    said, parts = fit.said(theirs), found.parts if found else ()
    net = "ht" in said and "tax_amount" not in parts
    why = "says so" if {"ht", "ttc"} & said else "does not say; taken with tax"
    told = f"CHECK: the name of {theirs} {why}"
    if "tax_amount" in parts:
        told = f"the lines come to {theirs} with tax"
    yield "amounts:"
    yield f"  includes_tax: {'false' if net else 'true'}  # {told}"
    with_shipping = found.with_shipping if found else None
    if with_shipping or (with_shipping is None and "shipping_amount" in parts):
        yield f"  includes_shipping: true  # the lines come to {theirs} with shipping"
    elif with_shipping is False:
        yield f"  includes_shipping: false  # CHECK: the lines come to {theirs} without shipping"
    else:
        yield "  includes_shipping: true  # CHECK: no value tells"
    yield ""
