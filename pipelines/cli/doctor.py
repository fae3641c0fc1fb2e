"""`nocturne doctor`: what is missing here or in the configuration, and how to mend it."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from pipelines import secrets, settings
from pipelines.errors import NocturneError, SourceError, StorageError, WarehouseBusy
from pipelines.ledger import Ledger
from pipelines.secrets import MissingSecret, Part
from pipelines.settings import Paths
from pipelines.specs.remote import address
from pipelines.specs.shop import Shop, load_shop
from pipelines.specs.source import Source
from pipelines.specs.sql import Sql

FREE_BYTES_NEEDED = 2 * 1024**3  # a night of 200,000 customers spills and stages about this much


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: is it fine, what was found, how to mend it."""

    subject: str
    fine: bool
    found: str
    mend: str = ""


def examine(config: Path, data_dir: Path | None) -> list[Finding]:
    """Look at everything a night needs; never raises."""
    paths = Paths((data_dir or settings.data_dir()).resolve())
    findings = [_python(), _packages(), _data_directory(paths), _disk(paths), _lock(paths)]
    try:
        shop = load_shop(config)
    except NocturneError as error:
        return [*findings, Finding("configuration", False, str(error), "correct the file")]
    findings.append(Finding("configuration", True, f"{config}: shop {shop.shop}"))
    try:
        findings += _ledger(shop, paths)
    except NocturneError as error:
        findings.append(Finding("ledger", False, str(error), "mend it first"))
    findings += [_models(shop), *_sources(shop)]
    return findings


def render(findings: list[Finding]) -> str:
    """One line per finding, and what to do below those that are not fine."""
    lines = []
    for finding in findings:
        lines.append(f"{'ok  ' if finding.fine else 'MEND'} {finding.subject}: {finding.found}")
        if not finding.fine:
            lines.append(f"       → {finding.mend}")
    return "\n".join(lines)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    fine = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding("python", fine, found, "use Python 3.11, 3.12 or 3.13")


def _packages() -> Finding:
    """The declared dependencies are installed (their versions are the lock's business)."""
    missing = []
    for requirement in requires("nocturne-marketing") or []:
        if ";" in requirement:  # an extra
            continue
        name = requirement.split("[")[0].split(">")[0].split("=")[0].split("<")[0].strip()
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    found = f"missing: {', '.join(missing)}" if missing else "all installed"
    return Finding("packages", not missing, found, "make install")


def _data_directory(paths: Paths) -> Finding:
    folder = paths.data_dir
    while not folder.exists():
        folder = folder.parent
    fine = os.access(folder, os.W_OK)
    return Finding(
        "data directory", fine, f"{paths.data_dir}", f"make {folder} writable, or use --data-dir"
    )


def _disk(paths: Paths) -> Finding:
    folder = paths.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding(
        "disk", free >= FREE_BYTES_NEEDED, f"{free / 1024**3:.1f} GiB free", "free at least 2 GiB"
    )


def _lock(paths: Paths) -> Finding:
    from pipelines import warehouse

    if not paths.warehouse.parent.exists():
        return Finding("warehouse", True, "not made yet")
    try:
        with warehouse.lock(paths, timeout=0):
            warehouse.try_open(paths)
            return Finding("warehouse", True, f"{paths.warehouse.name} is free")
    except WarehouseBusy as error:
        return Finding("warehouse", False, str(error), "wait for the step that runs, or close it")
    except StorageError as error:
        return Finding("warehouse", False, str(error), "put it back from a backup")
    except OSError as error:
        return Finding("warehouse", False, f"{error.strerror}", "make it writable")


def _models(shop: Shop) -> Finding:
    from pipelines.specs.model import load_models

    return _guarded("models", lambda: ", ".join(load_models(shop)), "correct models/ or the file")


def _ledger(shop: Shop, paths: Paths) -> list[Finding]:
    """Whose nights the data directory holds, and whether the key is still theirs."""
    owner = key = None
    if paths.ledger.exists():
        ledger = Ledger(paths.ledger)
        owner, key = ledger.pinned(date.min, "shop"), ledger.pinned(date.min, "hash_key")
    if owner not in {None, shop.shop}:
        found = f"{paths.data_dir} holds the nights of shop {owner!r}, not {shop.shop!r}"
        mend = "give each shop a data directory of its own: --data-dir or NOCTURNE_DATA_DIR"
        return [Finding("shop", False, found, mend), _key(shop, None)]
    return [_key(shop, key)]


def _key(shop: Shop, pinned: str | None) -> Finding:
    if secrets.is_of_airflow(shop.hash_key):
        return Finding("hash key", True, f"{shop.hash_key}, which Airflow's tasks look up")
    try:
        key = secrets.read(shop.hash_key)
    except MissingSecret:
        found = f"{shop.hash_key} is not set"
        mend = f"export {shop.hash_key}=<a long random text, the same for ever>"
        return Finding("hash key", False, found, mend)
    if pinned not in {None, settings.mark(key)}:
        found = f"{shop.hash_key} is not the key of the earlier nights"
        return Finding("hash key", False, found, "set that one again")
    return Finding("hash key", True, f"{shop.hash_key} is set")


def _sources(shop: Shop) -> list[Finding]:
    """Are the libraries and secrets there that a source needs, and any file where it looks? No
    database and no API is asked."""
    return [_source(name, source) for name, source in shop.sources.items()]


def _source(name: str, source: Source) -> Finding:
    subject = f"source {name}"
    lacking = _lacking(source)
    if lacking:
        return Finding(subject, False, f"{lacking[0]} is not installed", lacking[1])
    absent = [secret for secret, part in source.secrets if _is_absent(secret, part)]
    if absent:
        found = f"{', '.join(absent)} {'is' if len(absent) == 1 else 'are'} not set"
        return Finding(subject, False, found, f"export {absent[0]}=<the secret>")
    elsewhere = [secret for secret, _ in source.secrets if secrets.is_of_airflow(secret)]
    if elsewhere:
        found = f"{', '.join(dict.fromkeys(elsewhere))}, which Airflow's tasks look up"
        return Finding(subject, True, found)
    if source.sql is not None:
        return _database(name, source.sql)
    if source.rest is not None:
        return Finding(subject, True, f"asks {source.rest.url}")
    return _files(name, source)


def _is_absent(secret: str, part: Part) -> bool:
    try:
        secrets.read(secret, part)
    except MissingSecret:
        return not secrets.is_of_airflow(secret)
    return False


_LIBRARIES = {  # what reads a format, a connector or a kind of place: module, extra of ours
    "excel": ("openpyxl", "excel"),
    "json": ("ijson", "json"),
    "rest": ("requests", "rest"),
    "sftp": ("asyncssh", "sftp"),
    **dict.fromkeys(("s3", "az", "gs"), ("obstore", "object-store")),
}


def _lacking(source: Source) -> tuple[str, str] | None:
    """The first library that the source needs and that is not installed, and how to install it."""
    for use in (source.format, source.connector, address(source.path).kind):
        module, extra = _LIBRARIES.get(use or "", ("", ""))
        if module and find_spec(module) is None:
            return f"the library {module} for {use}", f"pip install -e '.[{extra}]'"
    return None


def _files(name: str, source: Source) -> Finding:
    from pipelines.sources.find import count

    subject = f"source {name}"
    mend = f"put an extract there, or correct sources.{name}.path"
    try:
        files, waiting = count(name, source)
    except NocturneError as error:
        return Finding(subject, False, str(error), f"correct sources.{name}")
    found = f"{files} file{'s' if files != 1 else ''} at {source.path}"
    if waiting:
        found += f", {waiting} of them without {source.done_marker}"
    return Finding(subject, files > 0 or source.on_missing == "go_on", found, mend)


def _database(name: str, sql: Sql) -> Finding:
    from pipelines.sources.sql.url import address

    def look() -> str:
        there = address(name, sql.connection)
        if there.dialect == "postgresql" and find_spec("adbc_driver_postgresql") is None:
            raise SourceError("the library adbc_driver_postgresql is not installed")
        return f"{sql.connection} names {there.place}"

    mend = f"set {sql.connection} where nights run; PostgreSQL needs pip install -e '.[postgres]'"
    return _guarded(f"source {name}", look, mend)


def _guarded(subject: str, look: Callable[[], str], mend: str) -> Finding:
    try:
        return Finding(subject, True, look())
    except NocturneError as error:
        return Finding(subject, False, str(error), mend)
