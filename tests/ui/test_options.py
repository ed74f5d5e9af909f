"""The plugin's page in QGIS's Options dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

VARIABLES = {
    "engine": "LANDSLIDES_ENGINE",
    "models": "LANDSLIDES_MODELS",
    "device": "LANDSLIDES_DEVICE",
    "precision": "LANDSLIDES_PRECISION",
    "python": "LANDSLIDES_PYTHON",
    "wheels": "LANDSLIDES_WHEELS",
    "index_url": "LANDSLIDES_INDEX_URL",
    "torch_index_url": "LANDSLIDES_TORCH_INDEX_URL",
    "qgis_proxy": "LANDSLIDES_QGIS_PROXY",
}


@pytest.fixture(scope="module")
def told(play: Any, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is seen when some options are changed and OK is pressed; the engine is named by the environment."""
    changes = {
        "models": "/data/models",
        "device": "cuda:3",
        "precision": "bf16",
        "wheels": "/media/stick",
        "index_url": "https://packages.example.org/simple",
        "qgis_proxy": "off",
    }
    return play(tmp_path_factory.mktemp("options"), "setup_scenarios:options", changes=changes)


def test_what_was_changed_holds_and_is_shown_the_next_time(told: dict[str, Any]) -> None:
    wanted = {
        "models": "/data/models",
        "device": "cuda:3",
        "precision": "bf16",
        "wheels": "/media/stick",
        "index_url": "https://packages.example.org/simple",
        "qgis_proxy": "0",
    }
    assert {name: told["values"][name] for name in wanted} == wanted
    shown = {name: told["second"][name]["text"] for name in wanted}
    assert shown == {**wanted, "qgis_proxy": "false"}


def test_what_was_not_changed_is_not_stored(told: dict[str, Any]) -> None:
    assert [name for name in ("engine", "python", "torch_index_url") if told["stored"][name]] == []


def test_each_option_names_its_environment_variable(told: dict[str, Any]) -> None:
    assert [name for name, variable in VARIABLES.items() if variable not in told["first"][name]["tip"]] == []
    assert set(told["first"]) == set(VARIABLES)


def test_option_the_environment_decides_is_shown_and_cannot_be_changed(told: dict[str, Any], engine: Path) -> None:
    assert told["first"]["engine"]["text"] == str(engine)
    assert not told["first"]["engine"]["enabled"]
    assert told["first"]["device"]["enabled"]


def test_set_up_is_one_click_away(play: Any, tmp_path: Path) -> None:
    assert play(tmp_path, "setup_scenarios:options_to_setup") == {"shown": True}
