"""A configuration is right, or every mistake in it is told at once, in words."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.specs.model import load_models
from pipelines.specs.shop import load_shop
from tests.conftest import ROOT
from tests.contract.world import ORDERS


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "shop: [unclosed",
        "\x00",
        "shop:\ttab",
        "shop: 2026-13-45",
        "shop: !!int x",
        f"shop: {'9' * 5000}",
        f"shop: {'[' * 5000}",
    ],
    ids=lambda text: text[:12],
)
def test_a_file_that_is_no_configuration_is_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_shop(path)
    assert "\n" not in str(caught.value)


def test_a_key_that_comes_twice_is_told_with_its_line(
    small_config: dict[str, Any], write_config: Any
) -> None:
    path = write_config(small_config)
    path.write_text(path.read_text() + "currency: USD\n")
    line = len(path.read_text().splitlines())
    with pytest.raises(ConfigError, match=rf"line {line}, .*'currency' comes twice"):
        load_shop(path)


def test_a_section_may_be_merged_and_overridden(
    small_config: dict[str, Any], write_config: Any
) -> None:
    path = write_config(small_config)
    merged = "{<<: {snapshot_nights: 9, candidate_nights: 9}, candidate_nights: 7}"
    path.write_text(f"{path.read_text()}retention: {merged}\n")
    retention = load_shop(path).retention
    assert (retention.snapshot_nights, retention.candidate_nights) == (9, 7)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("sources", "orders", "delimiter"), "\n", "sources.orders.delimiter: found"),
        (("sources", "orders", "date_in_path"), "%Q", "sources.orders.date_in_path: found '%Q'"),
        (("sources", "orders", "date_in_path"), "%d-%m", "year, month and day"),
        (("sources", "orders", "timestamp_format"), "DD/MM/YYYY", "such as %d/%m/%Y %H:%M:%S"),
        (("sources", "orders", "thousands"), ".", "which is the decimal mark"),
        (("sources", "orders", "constants"), {"channel": "webb"}, "did you mean 'web'?"),
        (("sources", "orders", "constants"), {"status": "paid"}, "mapped under columns too"),
        (("sources", "orders", "columns"), None, "found nothing; allowed: a section of settings"),
        (("sources", "../orders"), ORDERS, "found the name '../orders'"),
        (("sources", ""), ORDERS, "found the name ''"),
        (("destinations",), {"a/b": {"path": "x"}}, "found the name 'a/b'"),
        (("country",), "UK", "did you mean 'GB'?"),
        (("country",), False, "YAML wants quotes"),
        (("time_zone",), "localtime", "time_zone: found 'localtime'"),
        (("hash_key",), "a secret!", "never the secret itself"),
        (("languages",), [], "languages: found"),
        (("training",), {"anchors": 10**9}, "training.anchors: found 1000000000"),
    ],
)
def test_a_value_that_cannot_be_meant(
    small_config: dict[str, Any], write_config: Any, place: tuple[str, ...], value: Any, told: str
) -> None:
    section = small_config
    for part in place[:-1]:
        section = section[part]
    section[place[-1]] = value
    with pytest.raises(ConfigError) as caught:
        load_shop(write_config(small_config))
    assert told in str(caught.value)
    assert "a secret!" not in str(caught.value)


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


def test_scores_of_a_model_that_is_none_are_refused(
    small_config: dict[str, Any], write_config: Any
) -> None:
    small_config["destinations"] = {"crm": {"path": "crm", "scores": ["churn", "chrun"]}}
    with pytest.raises(ConfigError, match=r"destinations\.crm\.scores: unknown model 'chrun'"):
        load_models(load_shop(write_config(small_config)))


def test_a_declaration_that_is_no_yaml_is_a_sentence(
    small_config: dict[str, Any], write_config: Any, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.yml").write_text("name: [")
    with pytest.raises(ConfigError, match=r"model\.yml, line 1, .*not readable as YAML"):
        load_models(load_shop(write_config(small_config)), tmp_path)
