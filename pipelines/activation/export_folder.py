"""One destination's folder: its files written with DuckDB, read back and audited."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines import warehouse
from pipelines.activation import documents, durable
from pipelines.activation.cells import File
from pipelines.activation.checks import checks
from pipelines.activation.contact_files import Campaign, audience, audience_names, removals
from pipelines.activation.documents import DICTIONARY, MANIFEST, Listed
from pipelines.activation.scores_file import scores
from pipelines.specs.checks import Auditor
from pipelines.specs.night import Night


class ExportFolder:
    """The files of the destination `name` of one night, in `path` (empty at first)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, night: Night, name: str, path: Path) -> None:
        self._con = con
        self._night = night
        self._name = name
        self._path = path
        self._destination = night.shop.destinations[name]
        self._files = self._declared()

    def write(self, champions: Mapping[str, str]) -> list[Listed]:
        """Every file, the manifest last; what it lists, then itself. COPY keeps the order of the
        query, so the bytes do not depend on the number of threads."""
        delimiter = self._destination.delimiter
        listed = []
        for file in self._files:
            path = self._path / file.name
            self._con.execute(
                f"copy ({file.sql()}) to {_literal(path)}"
                f" (format csv, header true, delimiter '{delimiter}', quote '\"', escape '\"')"
            )
            listed.append(_listed(path, self._rows(path)))
        dictionary = self._path / DICTIONARY
        rows = documents.write_dictionary(dictionary, self._files, delimiter)
        listed.append(_listed(dictionary, rows))
        listed.sort(key=lambda one: one.file)
        manifest = self._path / MANIFEST
        documents.write_manifest(manifest, self._night, self._name, champions, listed)
        return [*listed, _listed(manifest, len(listed))]

    def audit(self, audit: Auditor) -> None:
        """The checks of each file as read back; the view lives as long as they run."""
        for file in self._files:
            origin = self._read_back(self._path / file.name)
            door = f"export.{self._name}.{file.name.removesuffix('.csv')}"
            with warehouse.transaction(self._con):
                self._con.execute(f"create or replace view activation.exported as from {origin}")
                audit(self._con, door, "activation.exported", checks(file))
                self._con.execute("drop view activation.exported")

    def _declared(self) -> list[File]:
        rows = self._con.execute(
            "select campaign_id, channel from marts.campaigns"
            " where is_active and audience = 'chosen' order by campaign_id"
        ).fetchall()
        channels = self._destination.channels
        campaigns = [Campaign(*row) for row in rows if row[1] in channels]
        names = audience_names(campaign.campaign_id for campaign in campaigns)
        return [
            *(scores(self._night, self._destination, channel) for channel in channels),
            *(audience(self._night, one, names[one.campaign_id]) for one in campaigns),
            *(removals(self._night, channel) for channel in channels),
        ]

    def _read_back(self, path: Path) -> str:
        return (
            f"read_csv({_literal(path)}, all_varchar = true, header = true,"
            f" delim = '{self._destination.delimiter}', quote = '\"', escape = '\"')"
        )

    def _rows(self, path: Path) -> int:
        found = self._con.execute(f"select count(*) from {self._read_back(path)}").fetchall()
        return int(found[0][0])


def _listed(path: Path, rows: int) -> Listed:
    return Listed(path.name, rows, path.stat().st_size, durable.sha256(path))


def _literal(path: Path) -> str:
    """COPY and read_csv in a view take no parameters."""
    return "'" + str(path).replace("'", "''") + "'"
