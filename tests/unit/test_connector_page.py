"""The example of docs/connectors/remote.md runs as it stands, but for where the servers are."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.contract.world import D1, FrontDoor
from tests.servers.remote import remote

PAGE = ROOT / "docs" / "connectors" / "remote.md"


def example() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    sources: dict[str, Any] = yaml.safe_load(block)["sources"]
    return sources


def test_the_example_lands_from_both_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = example()
    contacts, orders = sources["crm_contacts"], sources["shop_orders"]
    (tmp_path / "crm").mkdir()
    with (
        remote("sftp", tmp_path / "crm", monkeypatch) as crm,
        remote("s3", tmp_path, monkeypatch) as shop,
    ):
        secrets = crm.access()
        monkeypatch.setenv("CRM_SFTP_USER", crm.server.user)
        monkeypatch.setenv("CRM_SFTP_KEY", str(crm.server.folder / "user"))
        contacts["path"] = contacts["path"].replace("sftp://sftp.shop.example", crm.begins())
        contacts["access"]["known_hosts"] = secrets["known_hosts"]
        orders["path"] = orders["path"].replace("s3://shop-exports", shop.begins())
        orders["access"]["endpoint"] = shop.server.endpoint
        text = "id,changed,mail\nC1,2026-06-30 10:00:00,ana@shop.example\n"
        crm.put(f"outgoing/contacts_{D1}.csv.gz", gzip.compress(text.encode()))
        crm.put(f"outgoing/contacts_{D1}.csv.gz.done", "")
        line = "O1,2026-06-30 10:00:00,paid,12.50,ana@shop.example"
        shop.put("orders/2026/07/01/part-1.csv", f"id,at,state,total,mail\n{line}\n")
        door = FrontDoor(tmp_path, **sources)
        door.run(D1)
    assert door.rows("select contact_id, email from raw.contacts") == [("C1", "ana@shop.example")]
    assert door.rows("select order_id from raw.orders") == [("O1",)]
