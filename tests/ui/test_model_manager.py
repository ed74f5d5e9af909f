"""The model manager in a real QGIS window, with a server on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from file_server import FileServer

NAME = "slides-of-the-institute"


@pytest.fixture(scope="module")
def models(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model package and an ONNX model."""
    folder = tmp_path_factory.mktemp("models")
    python = engine.resolve().parent / "python"
    subprocess.run([python, Path(__file__).with_name("make_models.py"), folder], check=True)
    return folder


@pytest.fixture
def server(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A server, a catalogue that names it, and an empty shelf of the user's own."""
    server = FileServer(models / "slides")
    card = json.loads((models / "slides" / "card.json").read_text())
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text(json.dumps({"url": f"{server.address}/{{file}}", "models": [card]}))
    monkeypatch.setenv("LANDSLIDES_CATALOGUE", str(catalogue))
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "own"))
    yield server
    server.close()


def test_tour(play: Any, models: Path, server: FileServer, tmp_path: Path) -> None:
    """Every step in one window: starting QGIS for each would take minutes."""
    server.break_after = [10**9, 300_000]
    (tmp_path / "profile").mkdir()

    seen = play(tmp_path / "profile", "models_scenarios:tour", seconds=200, onnx=models / "foreign.onnx", offered=NAME)

    assert not seen["modal"]
    assert seen["groups"]["To download"] == [NAME]
    assert "segmentation-deeplabv3plus" in seen["groups"]["Shipped and downloaded"]
    assert "Measured" in seen["page"]
    assert "Trained on" in seen["page"]
    assert "Made for this test." in seen["offered_page"]
    assert "Not on this computer yet" in seen["offered_page"]

    assert "what was loaded is kept" in seen["broken"]
    assert server.ranges("model.safetensors") == ["", "bytes=300000-"]
    assert seen["downloaded"] == ["", f"'{NAME}' is here and checked."]
    assert (tmp_path / "own" / NAME / "card.json").is_file()

    assert "which of its 3 classes is landslide" in seen["refused"]
    assert seen["busy"] == {"import": False}
    assert seen["imported"] == ["", "Imported. It is in the lists of models now.", "from-elsewhere"]
    assert "from-elsewhere" in seen["in_algorithm"]
    assert NAME in seen["in_algorithm"]

    assert "Delete 'from-elsewhere' from this computer?" in seen["question"]
    assert "from-elsewhere" not in seen["removed_from_algorithm"]
    assert not (tmp_path / "own" / "from-elsewhere").exists()
    assert seen["came"] == [NAME, "from-elsewhere", ""]
    assert seen["same_again"]
    assert seen["longest_silence_s"] < 0.2


def test_cancel_keeps_what_came_and_unloading_ends_a_download(play: Any, server: FileServer, tmp_path: Path) -> None:
    server.bytes_per_second = 400_000
    (tmp_path / "profile").mkdir()

    seen = play(tmp_path / "profile", "models_scenarios:cancelled", offered=NAME)

    assert "what was loaded is kept" in seen["cancelled"]
    assert seen["unloaded"]
    first, second = server.ranges("model.safetensors")
    assert first == ""
    assert int(second.removeprefix("bytes=").rstrip("-")) > 0
    assert not (tmp_path / "own" / NAME).exists()
    kept = [path.stat().st_size for path in (tmp_path / "own" / ".incoming").glob("*.partial")]
    assert len(kept) == 2  # the graph, complete, and some of the weights
    assert min(kept) > 0
