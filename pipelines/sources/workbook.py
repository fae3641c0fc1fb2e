"""Opens an Excel workbook and streams the rows of one sheet."""

import io
import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from pipelines.errors import SourceError
from pipelines.sources.excel_cells import NO_VALUE, Cell, Row
from pipelines.sources.prepare import Extract
from pipelines.sources.unpack import refuse_bombs

_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx once it is locked
_LAST_ROW = 1_048_576  # of a worksheet
_FORMULA = re.compile(rb"<(\w+:)?f[ />]")
_MOST_STRINGS = 512 << 20  # bytes: the texts of a workbook are held in memory
_CHUNK = 1 << 20
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
)


@contextmanager
def rows(extract: Extract, sheet: str | None) -> Iterator[Iterator[Row]]:
    """The rows of the sheet called `sheet`, or of the first that is not hidden, numbered as they
    are in it. SourceError when there is no such sheet or the file is no workbook."""
    with ExitStack() as stack:
        file = stack.enter_context(extract.path.open("rb"))
        _refuse(extract, file)
        try:
            stack.enter_context(_quiet())
            values = _worksheet(extract, _open(extract, file, stack, data_only=True), sheet)
            formulas = None
            if _has_formulas(file):
                again = stack.enter_context(extract.path.open("rb"))
                formulas = _worksheet(extract, _open(extract, again, stack, data_only=False), sheet)
        except _DAMAGED as error:
            raise _unreadable(extract, error) from None
        yield _rows(extract, values, formulas)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's warnings about what it does not draw."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open(extract: Extract, file: BinaryIO, stack: ExitStack, *, data_only: bool) -> Any:
    try:
        import openpyxl
    except ImportError:
        raise SourceError(
            f"{extract.label}: format excel needs the library openpyxl; install it with "
            "`pip install -e '.[excel]'`"
        ) from None
    book = openpyxl.load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
    stack.callback(book.close)
    return book


def _worksheet(extract: Extract, book: Any, sheet: str | None) -> Any:
    names = [each.title for each in book.worksheets]
    if sheet is not None and sheet not in names:
        raise SourceError(
            f"{extract.label}: no sheet {sheet!r}; there are: {', '.join(map(repr, names))}; set "
            "`excel.sheet` to one of them"
        )
    visible = [s for s in book.worksheets if s.sheet_state == "visible"] or book.worksheets
    if not visible:
        raise SourceError(f"{extract.label}: a workbook without any sheet of cells")
    found = visible[0] if sheet is None else book.worksheets[names.index(sheet)]
    found.reset_dimensions()  # what a file says of its size is often wrong
    return found


def _rows(extract: Extract, values: Any, formulas: Any) -> Iterator[Row]:
    """With `formulas`, the same sheet with its formulas in place of their values."""
    stored = values.iter_rows(max_row=_LAST_ROW)
    written = itertools.repeat(()) if formulas is None else formulas.iter_rows(max_row=_LAST_ROW)
    number = 0
    try:
        for cells, formula in zip(stored, written, strict=False):
            number += 1
            yield Row(number, _cells(cells, formula))
    except _DAMAGED as error:
        raise _unreadable(extract, error, number + 1) from None


def _cells(cells: Any, formulas: Any) -> tuple[Cell, ...]:
    found = tuple(Cell(cell.value, cell.data_type == "e") for cell in cells)
    if not any(formula.data_type == "f" for formula in formulas):
        return found
    return tuple(  # an empty text as a formula's value is said to be a text
        Cell(NO_VALUE) if f.data_type == "f" and c.value is None and c.data_type == "n" else mine
        for mine, c, f in zip(found, cells, formulas, strict=True)
    )


def _has_formulas(file: BinaryIO) -> bool:
    """Whether any sheet of the workbook holds a formula: then it is read twice."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            before = b""
            with archive.open(name) as part:
                while chunk := part.read(_CHUNK):
                    if _FORMULA.search(before + chunk):
                        return True
                    before = chunk[-20:]
    return False


def _refuse(extract: Extract, file: BinaryIO) -> None:
    """SourceError for what is no .xlsx, or more than a machine can hold."""
    start = file.read(4)
    file.seek(0, io.SEEK_SET)
    if start == _OLE:
        raise SourceError(
            f"{extract.label}: an old .xls workbook, or one locked with a password; save it as "
            ".xlsx without a password"
        )
    if not start.startswith(b"PK"):
        raise SourceError(
            f"{extract.label}: no Excel workbook, whatever its name says; if it is text, set "
            "`format: csv`, else have it saved as .xlsx"
        )
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if any(m.filename == "content.xml" for m in members):
            raise SourceError(f"{extract.label}: an OpenDocument sheet (.ods); save it as .xlsx")
        refuse_bombs(extract.label, members)
        texts = sum(m.file_size for m in members if m.filename == "xl/sharedStrings.xml")
        if texts > _MOST_STRINGS:
            raise SourceError(
                f"{extract.label}: {texts >> 20} MB of texts; a workbook may hold "
                f"{_MOST_STRINGS >> 20} MB of them: have the extract written as CSV"
            )


def _unreadable(extract: Extract, error: Exception, row: int | None = None) -> SourceError:
    where = f", row {row}" if row else ""
    return SourceError(
        f"{extract.label}{where}: not readable as an Excel workbook ({error}); it is damaged or "
        "was still being copied; fetch it again"
    )
