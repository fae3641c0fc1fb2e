"""What each file of a folder is, seen beside the others."""

from pathlib import Path

from pipelines.errors import SourceError
from pipelines.sources.guess.aside import put_aside, rank
from pipelines.sources.guess.choices import choose
from pipelines.sources.guess.counters import tell_apart
from pipelines.sources.guess.doubts import doubt_net_prices, doubt_refunds
from pipelines.sources.guess.elsewhere import tell_elsewhere
from pipelines.sources.guess.file import File
from pipelines.sources.guess.fit import Fit, fits
from pipelines.sources.guess.gaps import fill
from pipelines.sources.guess.glance import shape_of
from pipelines.sources.guess.join import join, stand_beside
from pipelines.sources.guess.leftovers import leave_out_nothings
from pipelines.sources.guess.links import link
from pipelines.sources.guess.minor import minor_units
from pipelines.sources.guess.naming import tables
from pipelines.sources.guess.optins import opt_ins
from pipelines.sources.guess.overruling import overrule
from pipelines.sources.guess.people import guests, name_others, part
from pipelines.sources.guess.placed import place
from pipelines.sources.guess.presets import preset_of, presets
from pipelines.sources.guess.relations import references
from pipelines.sources.guess.roles import assume, roles
from pipelines.sources.guess.series import series_of, stem_of
from pipelines.sources.guess.shape import Shape, named, within
from pipelines.sources.guess.subscribers import is_named_so, subscribers
from pipelines.sources.guess.totals import check_sums
from pipelines.sources.guess.translated import choose_languages, one_language
from pipelines.sources.guess.words import words_of

_LINES = {"line", "item", "position", "product"}  # what arrays of lines are called


def understood(folder: Path, currency: str, country: str) -> tuple[list[File], list[str]]:
    """What the files below a folder are (`currency`: of their amounts; `country`: of
    the shop), and why some cannot be read at all, as sentences."""
    files, unread, known = [], [], presets()
    shapes = []
    for series in series_of(folder):
        try:
            shapes.append((series, shape_of(series.files)))
        except SourceError as error:
            unread.append(str(error))
    names = tables([stem_of(series, folder) for series, _ in shapes])
    for (series, bare), table in zip(shapes, names, strict=True):
        shape = one_language(named(bare, table), country)
        folders = words_of(Path(series.path).relative_to(folder).parent.as_posix())
        path_words = f"{folders} {table}"
        found = fits(shape, path_words)
        file = File(series, shape, found, found[0], preset=preset_of(shape, known))
        files += [file, *([] if file.preset else _nested(file, path_words))]
    _understand([file for file in files if file.preset is None], currency, country)
    return files, unread


def _understand(files: list[File], currency: str, country: str) -> None:
    """Join the files by their values, fill gaps, and put aside what is not to be read."""
    related = references(file.shape for file in files)
    joined = join(files, related)
    customers = [f.shape for f in files if "contact_id" in f.fit.linked and _are_people(f)]
    if not joined and not any(_is_told(file.fit) for file in files):
        _by_roles(files)
    _lists(files)
    link([file.fit for file in files])
    for file in files:
        fill(file.fit)
        place(file.fit, [other.shape for other in files])
        choose(file.fit)
        choose_languages(file.fit, country)
    products = [file.fit for file in files if file.fit.entity.name == "products"]
    for pair in joined:
        leave_out_nothings(pair.lines.fit, [fit for fit in products if "product_id" in fit.linked])
        pair.orders.lines_come_to = check_sums(pair.orders.fit, pair.lines.fit)
    for file in files:
        overrule(file.fit, [other.shape for other in files])
    for file in files:
        name_others(file.fit, customers, related)
    tell_elsewhere(files, related)
    stand_beside(files, related)
    put_aside(files)
    tell_apart(joined)
    orders = sorted((f for f in files if f.fit.entity.name == "orders"), key=lambda f: rank(f.fit))
    if orders and all(file.aside for file in orders) and orders[0].fit.named:
        orders[0].aside = ""  # the one entity that a shop needs: its gaps are shown
    _together([file.fit for file in files if not file.aside])
    minor_units([file.fit for file in files if not file.aside], currency)
    for file in files:
        if file.fit.entity.name == "contacts" and not file.aside:
            file.consents = opt_ins(file.fit)


def _are_people(file: File) -> bool:
    return file.fit.entity.name == "contacts"


def _nested(file: File, path_words: str) -> list[File]:
    """The order lines that lie within the records of a JSON file."""
    found = []
    for column in file.shape.columns:
        table = words_of(column.rpartition(".")[2])
        shape = within(file.shape, column, table)
        fit = shape and _lines(shape, f"{path_words} {table}")
        if shape and fit:
            found.append(File(file.series, shape, [fit], fit, within=column))
    return found


def _lines(shape: Shape, words: str) -> Fit | None:
    """The arrays of a file read as order lines; None where they are something else."""
    lines = next(fit for fit in fits(shape, words) if fit.entity.name == "order_lines")
    told = {"product_id", "quantity", "unit_price"} & set(lines.columns)
    if len(told) < (2 if _LINES & set(shape.table.split()) else 3):
        return None
    lines.named = max(lines.named, 1.0)
    return lines


def _lists(files: list[File]) -> None:
    """Read lists of subscribers as consents: what is called so, or stands beside the customers."""
    found = {id(f): subscribers(f.fit, f.of("consents")) for f in files if not f.within}
    customers = [f for f in files if f.fit.entity.name == "contacts" and not found.get(id(f))]
    for file in files:
        others = [c for c in customers if c is not file]
        is_list = is_named_so(file.shape.table) or (file.fit.entity.name == "contacts" and others)
        if is_list and (consents := found.get(id(file))):
            file.fit = consents


def _together(read: list[Fit]) -> None:
    """What the files that are read say of one another."""
    contacts = sorted((fit for fit in read if fit.entity.name == "contacts"), key=rank)
    orders = [fit for fit in read if fit.entity.name == "orders"]
    for fit in read:
        if contacts and fit is not contacts[0] and "contact_id" in fit.columns:
            part(fit, contacts[0])
        if contacts and fit.entity.name == "orders":
            guests(fit, contacts[0])
        if orders and fit.entity.name == "order_lines":
            doubt_net_prices(orders[0], fit)
    for fit in orders:
        doubt_refunds(fit)


def _is_told(fit: Fit) -> bool:
    """Whether it is of orders, as names say."""
    return (
        fit.entity.name == "orders"
        and fit.is_sure
        and not {"order_id", "ordered_at"} & set(fit.missing)
    )


def _by_roles(files: list[File]) -> None:
    """Where no file is called orders: which one it is by what points to what."""
    for role in roles([file.shape for file in files]):
        file = next(file for file in files if file.shape is role.shape)
        file.fit = next(fit for fit in file.fits if fit.entity.name == role.entity)
        assume(file.fit, role)
