"""The benchmark of extracting from PostgreSQL runs to its end, at a size that says nothing."""

import shutil

from benchmarks.front_door.sql import measure
from tests.servers import postgres as servers
from tests.servers.absent import absent


def test_extracting_is_measured_beside_copy() -> None:
    if shutil.which("psql") is None:
        absent("psql", "`apt-get install postgresql-client`")
    with servers.postgres() as server:
        bring, whole, *_ = measure(server.url(), 2_000, rounds=1)
        assert server.value("select count(*) from pg_namespace where nspname ~ 'bench'") == 0
    assert bring.reference == whole.reference
    assert 0 < bring.value < whole.value
