"""Model packages on the user's shelf: imported from folders and zips, removed, and never half there."""

from __future__ import annotations

import json
import shutil
import zipfile

import numpy as np
import pytest
from landslide_detector.models.library import shelf
from landslide_detector.models.library.card import CARD, GRAPH, WEIGHTS, read_card
from landslide_detector.models.library.importing import INCOMING
from toy_models import write_card, write_toy

FILES = (CARD, GRAPH, WEIGHTS)


@pytest.fixture
def own(monkeypatch, tmp_path):
    """An empty shelf of the user's own beside an empty shipped one."""
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def toy(tmp_path):
    return write_toy(tmp_path / "elsewhere" / "toy", "segmentation")


def zipped(path, folder, prefix="", extra=()):
    with zipfile.ZipFile(path, "w") as archive:
        for name in FILES:
            archive.write(folder / name, f"{prefix}{name}")
        for name in extra:
            archive.writestr(name, "not wanted")
    return path


def left(own):
    """Names on the shelf, and of what is not complete."""
    incoming = own / INCOMING
    unfinished = list(incoming.iterdir()) if incoming.exists() else []
    return sorted(path.name for path in own.iterdir() if path.name != INCOMING), unfinished


@pytest.mark.parametrize("detector", ["patches", "segmentation", "anomaly"])
def test_folder_is_imported_and_listed(landslides, own, tmp_path, detector):
    toy = write_toy(tmp_path / "elsewhere", detector)
    answer = landslides("models", "import", toy.folder, "--progress", "json")
    assert answer.code == 0, answer.out
    assert answer.of("result")[0]["folder"] == str(own / toy.name)
    (row,) = json.loads(landslides("models", "list", "--json").out)
    assert (row["name"], row["detector"], row["complete"]) == (toy.name, detector, True)
    assert left(own) == ([toy.name], [])


@pytest.mark.parametrize("prefix", ["", "toy/", "a/b/"])
def test_zip_is_imported_from_its_root_or_a_folder_in_it(landslides, own, toy, tmp_path, prefix):
    answer = landslides("models", "import", zipped(tmp_path / "toy.zip", toy.folder, prefix), "--name", "mine")
    assert answer.code == 0, answer.err
    card = shelf.find_model("mine")
    shelf.check_files(card)
    assert card.fields["mlm:name"] == "mine"
    assert {path.name for path in card.folder.iterdir()} == set(FILES)


def test_what_else_a_zip_holds_goes_nowhere(landslides, own, toy, tmp_path):
    extra = ("../../evil", "/tmp/evil", "evil.py", "..\\evil")
    answer = landslides("models", "import", zipped(tmp_path / "toy.zip", toy.folder, extra=extra))
    assert answer.code == 0, answer.err
    assert list(tmp_path.rglob("*evil*")) == []
    assert {path.name for path in (own / toy.name).iterdir()} == set(FILES)


@pytest.mark.parametrize("name", ["../escaped", "a/b", ".hidden", "auto", "", "a\\b"])
def test_name_that_is_no_name_is_refused(landslides, own, toy, name):
    write_card(toy.folder, {**toy.fields, "name": name})
    answer = landslides("models", "import", toy.folder)
    assert answer.code == 1
    assert "is no name for a model" in answer.err
    assert left(own) == ([], [])


class TestRefused:
    def refused(self, landslides, own, source):
        answer = landslides("models", "import", source, "--progress", "json")
        assert answer.code == 1
        assert left(own) == ([], [])
        return answer.of("error")[0]["message"]

    def test_damaged_weights(self, landslides, own, toy):
        (toy.folder / WEIGHTS).write_bytes((toy.folder / WEIGHTS).read_bytes()[:-1] + b"x")
        assert "is damaged (SHA-256 does not match" in self.refused(landslides, own, toy.folder)

    @pytest.mark.parametrize("name", FILES)
    def test_missing_file(self, landslides, own, toy, name):
        (toy.folder / name).unlink()
        assert name in self.refused(landslides, own, toy.folder)

    def test_graph_that_does_not_compute(self, landslides, own, tmp_path):
        toy = write_toy(tmp_path / "toy", "segmentation", bands=["red", "green"])
        assert "OpenVINO cannot use it" in self.refused(landslides, own, toy.folder)

    def test_weights_from_outside_the_package(self, landslides, own, toy):
        graph = (toy.folder / GRAPH).read_bytes()
        outside = b"../../safetensors"
        assert graph.count(WEIGHTS.encode()) == 1
        (toy.folder / GRAPH).write_bytes(graph.replace(WEIGHTS.encode(), outside))
        shutil.copy(toy.folder / WEIGHTS, own.parent / "safetensors")
        write_card(toy.folder, toy.fields)
        self.refused(landslides, own, toy.folder)

    def test_answer_of_another_size(self, landslides, own, tmp_path):
        toy = write_toy(tmp_path / "toy", "segmentation", pooled=True)
        assert "toy-segmentation" in self.refused(landslides, own, toy.folder)

    @pytest.mark.parametrize("count", [0, 2])
    def test_zip_with_no_model_or_several(self, landslides, own, toy, tmp_path, count):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            for number in range(count):
                archive.write(toy.folder / CARD, f"{number}/{CARD}")
        assert f"holds {count} model cards" in self.refused(landslides, own, tmp_path / "x.zip")

    def test_zip_that_is_cut_off(self, landslides, own, toy, tmp_path):
        path = zipped(tmp_path / "x.zip", toy.folder)
        path.write_bytes(path.read_bytes()[:-200])
        assert "neither a model package" in self.refused(landslides, own, path)

    def test_zip_with_flipped_bits(self, landslides, own, toy, tmp_path):
        path = zipped(tmp_path / "x.zip", toy.folder)
        content = path.read_bytes()
        assert content.count(b"convolution.weight") >= 1
        path.write_bytes(content.replace(b"convolution.weight", b"convolution.weighs"))
        assert "not readable as a zip" in self.refused(landslides, own, path)


class TestNames:
    def test_own_model_is_not_overwritten(self, landslides, own, toy):
        assert landslides("models", "import", toy.folder).code == 0
        again = landslides("models", "import", toy.folder)
        assert again.code == 1
        assert "there is a model 'toy-segmentation' of your own already" in again.err

    def test_name_of_a_shipped_model_is_kept_for_it(self, landslides, own, toy, tmp_path):
        write_toy(shelf.SHIPPED / "s", "segmentation", name=toy.name, **{"version": "2"})
        assert landslides("models", "import", toy.folder).code == 0  # the same files
        shipped = shelf.SHIPPED / "s"
        write_card(shipped, {**read_card(shipped).fields, "name": "other"})
        other = write_toy(tmp_path / "other", "segmentation", np.ones((1, 3, 1, 1)), name="other")
        refused = landslides("models", "import", other.folder)
        assert refused.code == 1
        assert "a shipped model has the name 'other'" in refused.err

    def test_weights_left_out_of_the_plugin_are_brought_by_a_package_of_the_same_model(self, landslides, own, toy):
        shipped = shutil.copytree(toy.folder, shelf.SHIPPED / toy.name)
        for name in (GRAPH, WEIGHTS):
            (shipped / name).unlink()
        assert not json.loads(landslides("models", "list", "--json").out)[0]["complete"]
        assert "landslides models fetch toy-segmentation" in landslides("models", "list").out
        assert landslides("models", "import", toy.folder).code == 0
        assert shelf.find_model(toy.name).folder == own / toy.name


class TestRemove:
    def test_own_model_goes_and_what_else_is_in_its_folder_stays(self, landslides, own, toy):
        landslides("models", "import", toy.folder)
        landslides("models", "import", toy.folder, "--name", "second")
        (own / "second" / "notes.txt").write_text("mine")
        (own / "second" / "training").mkdir()
        for name in (toy.name, "second"):
            assert landslides("models", "remove", name).code == 0
        assert json.loads(landslides("models", "list", "--json").out) == []
        assert [path.name for path in own.rglob("*") if path.name != INCOMING] == ["second", "notes.txt"]

    def test_linked_model_loses_its_link_only(self, landslides, own, toy):
        own.mkdir()
        (own / "linked").symlink_to(toy.folder)
        assert landslides("models", "remove", toy.name).code == 0
        assert not (own / "linked").is_symlink()
        assert {path.name for path in toy.folder.iterdir()} == set(FILES)

    def test_shipped_model_stays(self, landslides, own):
        write_toy(shelf.SHIPPED / "s", "segmentation", name="s")
        answer = landslides("models", "remove", "s")
        assert (answer.code, answer.error) == (
            1, "Error: model 's' is shipped with the engine and cannot be removed",
        )  # fmt: skip
        assert (shelf.SHIPPED / "s" / GRAPH).exists()

    def test_unknown_model(self, landslides, own):
        assert "no model 'x' of your own" in landslides("models", "remove", "x").error


def test_nothing_is_ever_unpickled(landslides, own, toy, monkeypatch):
    """Importing and listing never load a pickle, and nothing imports PyTorch."""
    import pickle

    def refuse(*_arguments, **_options):
        raise AssertionError("unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    assert landslides("models", "import", toy.folder).code == 0
    assert landslides("models", "show", toy.name).code == 0
