"""A configuration is right, or every mistake in it is told at once, in words."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.specs.model import load_models
from pipelines.specs.shop import load_shop
from tests.conftest import ROOT


def test_a_small_configuration_is_read_with_its_defaults(
    small_config: dict[str, Any], write_config: Any
) -> None:
    shop = load_shop(write_config(small_config))
    assert shop.contacting.lawful_basis == "opt_in"
    assert shop.sources["orders"].connector == "file"


def test_all_mistakes_are_told_at_once_with_path_found_and_allowed(
    small_config: dict[str, Any], write_config: Any
) -> None:
    small_config["time_zone"] = "Europe/Pari"
    small_config["curency"] = "EUR"
    del small_config["country"]
    small_config["contacting"] = {"holdout_share": 1.5, "lawful_basis": "maybe"}
    orders = small_config["sources"]["orders"]
    orders["encoding"] = "windows-9999"
    small_config["sources"]["web"] = {
        "entity": "web_event",
        "path": "w.jsonl",
        "format": "jsonl",
        "columns": {},
    }
    small_config["sources"]["lines"] = {
        "entity": "order_lines",
        "path": "lines.csv",
        "format": "csv",
        "columns": {"order_id": "o", "produkt_id": "p"},
    }
    with pytest.raises(ConfigError) as caught:
        load_shop(write_config(small_config))
    text = str(caught.value)
    for expected in (
        "time_zone: found 'Europe/Pari'",
        "curency: unknown setting; did you mean 'currency'?",
        "country: missing",
        "contacting.holdout_share: found 1.5",
        "contacting.lawful_basis: found 'maybe'",
        "sources.orders.encoding: 'windows-9999' is no encoding",
        "sources.web.entity: found 'web_event'; did you mean 'web_events'?",
        "sources.lines.columns.produkt_id: found 'produkt_id'; did you mean 'product_id'?",
        "required column 'quantity' of entity 'order_lines' is not mapped",
    ):
        assert expected in text, text


def test_values_must_map_to_the_contract(small_config: dict[str, Any], write_config: Any) -> None:
    small_config["sources"]["orders"]["values"] = {"status": {"Payée": "payed"}}
    with pytest.raises(ConfigError, match="did you mean 'paid'"):
        load_shop(write_config(small_config))


def test_an_assumed_basis_needs_its_reason(small_config: dict[str, Any], write_config: Any) -> None:
    small_config["contacting"] = {"lawful_basis": "assumed"}
    with pytest.raises(ConfigError, match="lawful_basis_reason is required"):
        load_shop(write_config(small_config))


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "shop: [unclosed", "\x00"])
def test_a_file_that_is_no_configuration_is_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        load_shop(path)


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "other.yml").write_text("a: 1")
    with pytest.raises(ConfigError, match=r"other\.yml"):
        load_shop(tmp_path / "shop.yml")


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yml")), ids=lambda p: p.stem)
def test_every_committed_configuration_is_valid(path: Path) -> None:
    assert load_models(load_shop(path))


def test_a_fingerprint_changes_with_any_setting(
    small_config: dict[str, Any], write_config: Any
) -> None:
    before = load_shop(write_config(small_config)).fingerprint()
    assert before == load_shop(write_config(small_config)).fingerprint()
    small_config["contacting"] = {"cap_messages": 3}
    assert load_shop(write_config(small_config)).fingerprint() != before
