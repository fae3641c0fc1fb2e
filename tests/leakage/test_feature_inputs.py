"""Law 1, on dbt's manifest: features are made of what carries its dates, never of current state."""

from typing import Any

from pipelines.transform.dbt import parse
from tests.leakage.bazaar import FIRST
from tests.leakage.world import World

DATED = {
    "identity_map",
    "identity_history",
    "identity_edges",
    "contact_history",
    "order_history",
    "order_line_history",
    "product_history",
    "campaign_history",
    "consent_history",
    "outlived_objections",
    "web_visits",
    "campaign_contacts",
    "campaign_answers",
    "tracking_refusals",
    "profiling_objections",
    "consent_statements",
    "campaign_responses",
    "order_states",
    "customer_purchases",
}
OF_TONIGHT = {"order_states", "customer_purchases"}


def _models(world: World) -> dict[str, Any]:
    nodes = parse(world.night(FIRST)).nodes.values()
    return {node.name: node for node in nodes if node.resource_type == "model"}


def test_features_and_labels_refer_to_dated_tables_only(tmp_path: Any) -> None:
    models = _models(World(tmp_path))
    dated = DATED | {name for name, node in models.items() if node.schema == "features"}
    offences = [
        f"{name} refers to {parent}"
        for name, node in models.items()
        if node.schema in ("features", "labels")
        for parent in (key.split(".")[-1] for key in node.depends_on.nodes)
        if parent not in dated
    ]
    assert not offences


def test_everything_dated_carries_its_dates(tmp_path: Any) -> None:
    models = _models(World(tmp_path))
    of_one_date = {"identity_map", *OF_TONIGHT}
    for name in DATED - of_one_date:
        assert "known_from_date" in models[name].columns, name
    for name in of_one_date:
        assert {"as_of", "extract_cut"} <= set(models[name].columns), name


def test_what_is_of_tonight_is_read_only_where_it_proves_to_be(tmp_path: Any) -> None:
    readers = {
        name: node.depends_on.macros
        for name, node in _models(World(tmp_path)).items()
        if node.schema == "features"
        and any(key.split(".")[-1] in OF_TONIGHT for key in node.depends_on.nodes)
    }
    assert set(readers) == {"customer_orders", "past_orders", "spine", "features_rfm"}
    for name, macros in readers.items():
        assert "macro.nocturne.is_tonight_made" in macros, name


def test_every_model_says_its_grain_and_every_column_what_it_is(tmp_path: Any) -> None:
    for name, node in _models(World(tmp_path)).items():
        assert node.description.startswith("One row per "), name
        if node.schema != "staging":
            assert node.columns, name
        for column in node.columns.values():
            assert column.description, f"{name}.{column.name}"


def test_what_others_read_has_an_enforced_contract(tmp_path: Any) -> None:
    for name, node in _models(World(tmp_path)).items():
        if node.schema in ("marts", "features", "labels", "outcomes"):
            assert node.contract.enforced, name


def test_answers_are_read_through_one_door(tmp_path: Any) -> None:
    """Nobody else sees the opens of people who refuse to be watched."""
    readers = {
        name
        for name, node in _models(World(tmp_path)).items()
        if any(key.endswith(".campaign_responses") for key in node.depends_on.nodes)
    }
    assert readers == {"campaign_answers", "customer_features"}  # the latter to correct the past
