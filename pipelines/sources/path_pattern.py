"""Which listed names are extracts, and of which date: a configured path as an expression."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

_WIDTH = {"Y": r"\d{4}", "m": r"\d{2}", "d": r"\d{2}", "y": r"\d{2}", "j": r"\d{3}"}
_CODE = "\0"  # stands for the % of a date's codes: no name of a file holds it


@dataclass(frozen=True, slots=True)
class PathPattern:
    """`base`: the deepest folder without a date or `*`, with its last slash, empty where there is
    none. `below`: what each folder beneath it, and at last the file, is to look like."""

    base: str
    below: tuple[re.Pattern[str], ...]
    whole: re.Pattern[str]
    written_as: str

    def date(self, path: str) -> date | None:
        """The date that a path carries; None when it is no extract of this source."""
        match = self.whole.fullmatch(path)
        if not match:
            return None
        try:
            return datetime.strptime(match[1], self.written_as).replace(tzinfo=UTC).date()
        except ValueError:
            return None


def path_pattern(path: str, written_as: str) -> PathPattern:
    """The pattern of a path with `{date}`, which `written_as` writes (and which may be several
    folders); `*` matches within one folder."""
    expanded = path.replace("{date}", written_as.replace("%", _CODE))
    parts = expanded.split("/")
    fixed = next(i for i, part in enumerate(parts) if _CODE in part or "*" in part)
    return PathPattern(
        base="".join(f"{part}/" for part in parts[:fixed]),
        below=tuple(re.compile(_expression(part)) for part in parts[fixed:]),
        whole=_whole(path, written_as),
        written_as=written_as,
    )


def _whole(path: str, written_as: str) -> re.Pattern[str]:
    """The path as an expression whose group 1 is the date, the same wherever it stands."""
    day = _expression(written_as.replace("%", _CODE))
    first, *rest = (_expression(part) for part in path.split("{date}"))
    return re.compile(r"\1".join([f"{first}({day}){rest[0]}", *rest[1:]]))


def _expression(text: str) -> str:
    codes = re.split(f"{_CODE}(.)", re.escape(text).replace(r"\*", "[^/]*"))
    return "".join(
        part if i % 2 == 0 else _WIDTH.get(part, "[^/]+?") for i, part in enumerate(codes)
    )
