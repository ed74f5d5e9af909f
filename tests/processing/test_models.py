"""What QGIS knows of the models: cards, catalogue, and downloads through its network manager."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest
from landslide_detector.processing import cards, catalogue
from landslide_detector.processing.cards import AUTO, DOWNLOADED, find_card, has_int8, list_cards
from landslide_detector.processing.catalogue import read_catalogue
from qgis.PyQt.QtCore import QEventLoop, QTimer

sys.path.insert(0, str(Path(__file__).parents[1]))
from file_server import FileServer

GRAPH, WEIGHTS = "model.onnx", "model.safetensors"
CONTENT = {GRAPH: b"graph" * 1000, WEIGHTS: bytes(range(256)) * 2000}
SUMS = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}


def write_package(folder: Path, files: tuple[str, ...] = (GRAPH, WEIGHTS), **fields: object) -> Path:
    """Write a model package of which only the card is real."""
    folder.mkdir(parents=True)
    card = {
        "name": folder.name,
        "detector": "segmentation",
        "version": "1",
        "landslides:resolution": [0.5, 2],
        "landslides:sha256": SUMS,
        **fields,
    }
    (folder / "card.json").write_text(json.dumps(card))
    for name in files:
        (folder / name).write_bytes(CONTENT[name])
    return folder


@pytest.fixture
def shelves(qgis_app, tmp_path, monkeypatch):
    """Empty shelves: of the shipped models, and of the user's own."""
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    monkeypatch.setattr(cards, "_SHIPPED", shipped)
    monkeypatch.setenv("LANDSLIDES_MODELS", str(own))
    monkeypatch.setenv("no_proxy", "*")
    return shipped, own


class TestCards:
    def test_auto_is_the_default_the_engine_takes(self, shelves):
        shipped, own = shelves
        for name, ends in (("fine", [0.3, 2.0]), ("middle", [5.0, 20.0]), ("broad", [0.4, 16.0])):
            write_package(shipped / name, **{"landslides:default": True, "landslides:resolution": ends})
        write_package(own / "not-a-default")
        found = {size: find_card(AUTO, "segmentation", size).name for size in (0.1, 0.35, 0.8, 3, 10, 60)}
        assert found == {0.1: "fine", 0.35: "fine", 0.8: "fine", 3: "broad", 10: "middle", 60: "middle"}
        assert find_card(AUTO, "segmentation").name == "fine"
        assert find_card(AUTO, "patches") is None

    def test_own_model_hides_a_shipped_one_and_an_outdated_download_does_not(self, shelves):
        shipped, own = shelves
        for name in ("a", "b", "c"):
            write_package(shipped / name)
        changed = {"landslides:sha256": {**SUMS, WEIGHTS: "0" * 64}}
        write_package(own / "a", **changed)
        write_package(own / "b", **{**changed, DOWNLOADED: "http://x/{file}"})
        write_package(own / "c", **{DOWNLOADED: "http://x/{file}"})
        assert {card.name: card.is_own for card in list_cards()} == {"a": True, "b": False, "c": True}

    def test_auto_has_an_int8_copy_where_every_default_has_one(self, shelves):
        shipped, own = shelves
        int8 = {"landslides:int8": {"sha256": {"model.int8.xml": "0" * 64}}}
        write_package(shipped / "fine", **{"landslides:default": True, **int8})
        write_package(own / "mine")
        assert [has_int8(model, "segmentation") for model in (AUTO, "fine", "mine", "nothing")] == [
            True, True, False, False,
        ]  # fmt: skip
        write_package(shipped / "coarse", **{"landslides:default": True})
        assert not has_int8(AUTO, "segmentation")

    def test_weights_that_were_left_out_are_missing(self, shelves):
        write_package(shelves[0] / "a", files=())
        write_package(shelves[1] / "whole-graph", files=(GRAPH,), **{"landslides:sha256": {GRAPH: SUMS[GRAPH]}})
        assert {card.name: card.missing for card in list_cards()} == {"a": [GRAPH, WEIGHTS], "whole-graph": []}

    @pytest.mark.parametrize("card", ["not json", "[]", "{}", '{"name": "a", "landslides:resolution": [0, 1]}'])
    def test_broken_card_keeps_no_other_from_being_listed(self, shelves, card):
        write_package(shelves[1] / "good")
        (shelves[1] / "bad").mkdir()
        (shelves[1] / "bad" / "card.json").write_text(card)
        assert [found.name for found in list_cards()] == ["good"]


class TestCatalogue:
    def test_offers_shipped_models_and_its_own(self, shelves, tmp_path, monkeypatch):
        other = json.loads((write_package(tmp_path / "x" / "other") / "card.json").read_text())
        write_package(shelves[0] / "a", files=())
        (tmp_path / "c.json").write_text(json.dumps({"url": "http://h/{name}/{version}/{file}", "models": [other]}))
        monkeypatch.setenv("LANDSLIDES_CATALOGUE", str(tmp_path / "c.json"))
        assert {name: offer.url(GRAPH) for name, offer in read_catalogue().items()} == {
            "a": "http://h/a/1/model.onnx",
            "other": "http://h/other/1/model.onnx",
        }

    def test_shipped_catalogue_is_readable_and_names_every_shipped_model(self, qgis_app, monkeypatch):
        monkeypatch.delenv("LANDSLIDES_CATALOGUE", raising=False)
        assert set(read_catalogue()) == set(catalogue.shipped_cards())
        assert all(offer.url(GRAPH).startswith("https://") for offer in read_catalogue().values())

    @pytest.mark.parametrize("content", ["no json", "[]", '{"models": []}', '{"url": "{what}"}'])
    def test_broken_catalogue_offers_nothing(self, shelves, tmp_path, monkeypatch, content):
        (tmp_path / "c.json").write_text(content)
        monkeypatch.setenv("LANDSLIDES_CATALOGUE", str(tmp_path / "c.json"))
        assert read_catalogue() == {}


class TestDownload:
    @pytest.fixture
    def server(self, tmp_path):
        folder = write_package(tmp_path / "served")
        server = FileServer(folder)
        yield server
        server.close()

    @pytest.fixture
    def fetch(self, shelves, server, tmp_path, monkeypatch):
        """Return a function that downloads the model `a`, and returns what went wrong."""
        from landslide_detector.ui.models.model_download import ModelDownload

        write_package(shelves[0] / "a", files=())
        (tmp_path / "c.json").write_text(json.dumps({"url": f"{server.address}/{{file}}"}))
        monkeypatch.setenv("LANDSLIDES_CATALOGUE", str(tmp_path / "c.json"))

        def run() -> str:
            said: list[str] = []
            loop = QEventLoop()
            download = ModelDownload(read_catalogue()["a"])
            download.ended.connect(said.append)
            download.ended.connect(loop.quit)
            QTimer.singleShot(0, download.start)
            QTimer.singleShot(20_000, loop.quit)
            loop.exec()
            (fault,) = said
            return fault

        return run

    def incoming(self, shelves):
        return sorted(path.stat().st_size for path in (shelves[1] / ".incoming").iterdir())

    def test_model_comes_onto_the_shelf_whole(self, fetch, shelves):
        assert fetch() == ""
        card = find_card("a", "segmentation")
        assert (card.folder, card.missing) == (shelves[1] / "a", [])
        assert (card.folder / WEIGHTS).read_bytes() == CONTENT[WEIGHTS]
        assert self.incoming(shelves) == []

    def test_broken_connection_goes_on_next_time(self, fetch, server, shelves):
        server.break_after = [10**9, 100_000]
        assert "what was loaded is kept" in fetch()
        assert not (shelves[1] / "a").exists()
        assert fetch() == ""
        assert server.ranges(WEIGHTS) == ["", "bytes=100000-"]
        assert server.ranges(GRAPH) == [""]

    def test_server_without_ranges_starts_over(self, fetch, server):
        server.knows_ranges = False
        server.break_after = [10**9, 100_000]
        fetch()
        assert fetch() == ""

    def test_wrong_file_is_refused_and_not_kept(self, fetch, server, shelves):
        (server.folder / WEIGHTS).write_bytes(bytes(10_000))
        assert "is not the file expected" in fetch()
        assert self.incoming(shelves) == [len(CONTENT[GRAPH])]
        assert not (shelves[1] / "a").exists()

    def test_partial_file_longer_than_the_real_one_is_refused_and_not_kept(self, fetch, shelves):
        (shelves[1] / ".incoming").mkdir(parents=True)
        (shelves[1] / ".incoming" / f"{SUMS[WEIGHTS]}.partial").write_bytes(bytes(10**6))
        assert "is not the file expected" in fetch()
        assert fetch() == ""

    def test_file_that_is_not_there_is_named(self, fetch, server):
        (server.folder / WEIGHTS).unlink()
        assert f"{server.address}/{WEIGHTS}" in fetch()

    def test_folder_that_cannot_be_written_is_named(self, fetch, shelves):
        shelves[1].write_text("a file where the folder should be")
        assert f"{shelves[1] / '.incoming'}: cannot write there, is the disk full?" in fetch()

    @pytest.fixture
    def outdated(self, shelves):
        """An earlier download of another version."""
        old = {"landslides:sha256": {**SUMS, WEIGHTS: "0" * 64}, DOWNLOADED: "http://x/{file}"}
        folder = write_package(shelves[1] / "a", **old)
        (folder / WEIGHTS).write_bytes(b"old")
        return folder

    @pytest.fixture
    def refuse(self, monkeypatch):
        """Return a function after which the next so many files may not be moved onto the shelf as weights."""
        from landslide_detector.ui.models import model_download

        replace = Path.replace
        left = 0

        def replace_or_refuse(source: Path, target: Path) -> Path:
            nonlocal left
            if source.suffix == ".partial" and target.name == WEIGHTS and left:
                left -= 1
                raise PermissionError(13, "in use")
            return replace(source, target)

        def refuse(times: int) -> None:
            nonlocal left
            left = times

        monkeypatch.setattr(model_download, "_PAUSE_S", 0)
        monkeypatch.setattr(Path, "replace", replace_or_refuse)
        return refuse

    @pytest.mark.parametrize("card_is_there", [True, False])
    def test_file_that_a_file_manager_left_is_not_in_the_way(self, fetch, outdated, card_is_there):
        (outdated / ".DS_Store").touch()
        if not card_is_there:
            (outdated / "card.json").unlink()
        assert fetch() == ""
        assert find_card("a", "segmentation").sha256 == SUMS
        assert (outdated / WEIGHTS).read_bytes() == CONTENT[WEIGHTS]
        assert (outdated / ".DS_Store").exists()

    def test_file_that_is_in_use_for_a_moment_is_tried_again(self, fetch, refuse):
        refuse(2)
        assert fetch() == ""

    def test_file_that_stays_in_use_costs_neither_the_download_nor_the_earlier_model(
        self, fetch, server, shelves, outdated, refuse
    ):
        before = {path.name: path.read_bytes() for path in outdated.iterdir()}
        refuse(100)
        assert "cannot be written (in use)" in fetch()
        assert {path.name: path.read_bytes() for path in outdated.iterdir()} == before
        assert self.incoming(shelves) == sorted(map(len, CONTENT.values()))
        refuse(0)
        assert fetch() == ""
        assert server.ranges(WEIGHTS) == [""]

    def test_outdated_download_gives_way(self, fetch, outdated):
        assert fetch() == ""
        assert find_card("a", "segmentation").sha256 == SUMS

    def test_own_model_of_that_name_stays(self, fetch, shelves):
        mine = write_package(shelves[1] / "a", **{"landslides:sha256": {**SUMS, WEIGHTS: "0" * 64}})
        before = (mine / "card.json").read_text()
        assert "cannot be written" in fetch()
        assert (mine / "card.json").read_text() == before
