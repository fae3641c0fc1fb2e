"""Takes the people of `ops.erasing` out of texts that quote them: pages, what checks found, logs
and the run ledger."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.erasure.people import Kept
from pipelines.settings import Paths
from pipelines.specs.identifiers import compared_text

ERASED = "[erased]"
_SUFFIXES = {".json", ".html", ".log", ".txt", ".yml", ".csv", ".md"}
_SHORTEST = 4  # characters; a shorter one is a number or a word like any other
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"\+?[\w-]+(?::[\w@.+-]+)?")


def scrub(paths: Paths, people: Kept) -> int:
    """Put `[erased]` where a page, a report of checks, a log or the ledger names them, and remove
    what killed steps left; how many texts changed. Twice does the same as once."""
    shutil.rmtree(paths.inbox, ignore_errors=True)
    for left in paths.scratch.iterdir() if paths.scratch.exists() else ():
        if left.is_dir() and left.name not in ("checks", "dbt", "duckdb"):
            shutil.rmtree(left)
    changed = sum(
        _scrub_file(file, people)
        for folder in (paths.site, paths.scratch / "checks", paths.scratch / "dbt" / "logs")
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in _SUFFIXES
    )
    return changed + _scrub_ledger(paths.ledger, people)


def without(text: str, people: Kept) -> str:
    """The text without them."""

    def email(found: re.Match[str]) -> str:
        given = found[0]
        theirs = compared_text("email", given) in people.emails or given in people.others
        return ERASED if theirs else given

    def word(found: re.Match[str]) -> str:
        given = found[0]
        parts = {given, given.partition(":")[2]}
        theirs = any(len(p) >= _SHORTEST and p in people.others for p in parts)
        return ERASED if theirs else given

    return _WORD.sub(word, _EMAIL.sub(email, text))


def _scrub_file(file: Path, people: Kept) -> bool:
    try:
        before = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    after = without(before, people)
    if after == before:
        return False
    new = file.with_name(f"{file.name}.new")
    new.write_text(after, encoding="utf-8")
    new.replace(file)
    return True


def _scrub_ledger(ledger: Path, people: Kept) -> int:
    if not ledger.exists():
        return 0
    changed = 0
    with closing(sqlite3.connect(ledger, timeout=60)) as db:
        db.execute("pragma secure_delete = on")
        with db:
            for table, column in (("runs", "error"), ("runs", "facts"), ("checks", "observed")):
                rows = db.execute(
                    f"select rowid, {column} from {table} where {column} <> ''"
                ).fetchall()
                for rowid, text in rows:
                    after = without(text, people)
                    if after != text:
                        db.execute(
                            f"update {table} set {column} = ? where rowid = ?", (after, rowid)
                        )
                        changed += 1
    return changed
