"""Fetching models from a server on this machine: whole, in pieces, broken off, wrong, and onto a full disk."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import COMMAND
from landslide_detector.models.inference.backends import checked_int8
from landslide_detector.models.library import shelf
from landslide_detector.models.library.card import CARD, GRAPH, INT8_FILES, WEIGHTS
from landslide_detector.models.library.importing import INCOMING
from landslide_detector.models.library.shelf import DOWNLOADED, sha256
from toy_models import write_toy

sys.path.insert(0, str(Path(__file__).parents[1]))
from file_server import FileServer


@pytest.fixture
def server(tmp_path):
    (tmp_path / "served").mkdir()
    server = FileServer(tmp_path / "served")
    yield server
    server.close()


@pytest.fixture
def own(monkeypatch, tmp_path):
    """An empty shelf of the user's own beside a shipped one; no proxy."""
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "own"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "own"


@pytest.fixture
def model(tmp_path, server, own, monkeypatch):
    """A shipped model whose weights are on the server only; large enough to come in pieces."""
    kernel = np.random.default_rng(0).standard_normal((1, 3, 301, 301)).astype(np.float32) / 1e4
    whole = write_toy(tmp_path / "whole", "segmentation", kernel, name="slides")
    for name in (GRAPH, WEIGHTS):
        shutil.copy(whole.folder / name, server.folder / f"slides-1.2.3-{name}")
    (shelf.SHIPPED / "slides").mkdir(parents=True)
    shutil.copy(whole.folder / CARD, shelf.SHIPPED / "slides" / CARD)
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text(json.dumps({"url": f"{server.address}/{{name}}-{{version}}-{{file}}"}))
    monkeypatch.setenv("LANDSLIDES_CATALOGUE", str(catalogue))
    return whole


def partials(own):
    return list((own / INCOMING).glob("*.partial"))


def test_weights_that_were_left_out_are_fetched_and_used(landslides, own, model):
    missing = landslides("detect", "segmentation", "x.tif", "--mask", "m.tif", "--model", "slides")
    assert missing.code == 1
    answer = landslides("models", "fetch", "slides", "--progress", "json")
    assert answer.code == 0, answer.out
    assert answer.of("progress")[-1]["done"] == 1
    card = shelf.find_model("slides")
    assert card.folder == own / "slides"
    shelf.check_files(card)
    assert partials(own) == []


def test_quantised_copy_comes_too(landslides, own, model, server):
    fields = json.loads((shelf.SHIPPED / "slides" / CARD).read_text())
    fields["landslides:int8"] = {"sha256": {}}
    for name in INT8_FILES:
        served = server.folder / f"slides-1.2.3-{name}"
        served.write_bytes(name.encode())
        fields["landslides:int8"]["sha256"][name] = sha256(served)
    (shelf.SHIPPED / "slides" / CARD).write_text(json.dumps(fields))
    assert landslides("models", "fetch", "slides").code == 0
    assert checked_int8(shelf.find_model("slides")).read_bytes() == INT8_FILES[0].encode()
    assert partials(own) == []


def test_what_is_here_is_not_fetched_again(landslides, own, model, server):
    landslides("models", "fetch", "slides")
    asked = len(server.asked)
    assert landslides("models", "fetch", "slides").code == 0
    assert len(server.asked) == asked


def test_broken_connection_is_taken_up_where_it_broke(landslides, own, model, server):
    server.break_after = [10**9, 100_000, 50_000]
    assert landslides("models", "fetch", "slides").code == 0
    assert server.ranges(f"slides-1.2.3-{WEIGHTS}") == ["", "bytes=100000-", "bytes=150000-"]
    shelf.check_files(shelf.find_model("slides"))


def test_fetch_that_failed_goes_on_next_time(landslides, own, model, server):
    server.break_after = [10**9, 100_000, *[0] * 10]
    answer = landslides("models", "fetch", "slides")
    assert answer.code == 1
    assert "the connection broke off; 100000 bytes are kept, fetch again to go on" in answer.err
    assert not shelf.find_model("slides").folder.is_relative_to(own)
    server.break_after = []
    server.asked.clear()
    assert landslides("models", "fetch", "slides").code == 0
    assert server.ranges(f"slides-1.2.3-{WEIGHTS}") == ["bytes=100000-"]


def test_server_without_ranges_starts_over(landslides, own, model, server):
    server.knows_ranges = False
    server.break_after = [10**9, 100_000]
    assert landslides("models", "fetch", "slides").code == 0
    shelf.check_files(shelf.find_model("slides"))


def test_wrong_file_is_refused_and_not_kept(landslides, own, model, server):
    path = server.folder / f"slides-1.2.3-{WEIGHTS}"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    answer = landslides("models", "fetch", "slides")
    assert answer.code == 1
    assert "is not the file expected (SHA-256 differs)" in answer.err
    assert partials(own) == []
    assert not (own / "slides").exists()


def test_partial_file_of_something_else_is_refused_too(landslides, own, model, server):
    (own / INCOMING).mkdir(parents=True)
    (own / INCOMING / f"{model.sha256[WEIGHTS]}.partial").write_bytes(bytes(10_000_000))
    assert "SHA-256 differs" in landslides("models", "fetch", "slides").err
    assert landslides("models", "fetch", "slides").code == 0


def test_file_that_is_not_there_is_named(landslides, own, model, server):
    (server.folder / f"slides-1.2.3-{WEIGHTS}").unlink()
    answer = landslides("models", "fetch", "slides")
    assert answer.code == 1
    assert f"{server.address}/slides-1.2.3-{WEIGHTS}: 404" in answer.err


def test_server_that_is_not_there_is_one_line(landslides, own, model, monkeypatch, tmp_path):
    (tmp_path / "catalogue.json").write_text(json.dumps({"url": "http://127.0.0.1:9/{name}-{file}"}))
    answer = landslides("models", "fetch", "slides")
    assert (answer.code, answer.error) == (
        1, "Error: http://127.0.0.1:9/slides-model.onnx: Connection refused",
    )  # fmt: skip


def fetching(**options):
    """Start `landslides models fetch slides` in a process of its own, with this test's shelf of shipped models."""
    elsewhere = (
        "from pathlib import Path; from landslide_detector.models.library import shelf; "
        f"shelf.SHIPPED = Path({str(shelf.SHIPPED)!r}); "
    )
    command = [*COMMAND[:2], elsewhere + COMMAND[2], "models", "fetch", "slides", "--progress", "json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)


def test_full_disk_is_one_line_and_what_came_is_kept(own, model):
    limit = (200_000, 200_000)
    with fetching(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)) as process:
        events = [json.loads(line) for line in process.stdout]
    assert process.returncode == 1
    (error,) = [event for event in events if event["event"] == "error"]
    assert "cannot write there, is the disk full?" in error["message"]
    assert not (own / "slides").exists()
    assert [path.stat().st_size > 0 for path in partials(own)] == [True]


def test_cancel_ends_at_once_and_keeps_what_came(landslides, own, model, server):
    server.bytes_per_second = 100_000
    with fetching() as process:
        next(line for line in process.stdout if 0 < json.loads(line).get("done", 1) < 1)
        process.terminate()
        process.stdout.read()  # until it has ended
    assert process.returncode == 130
    assert list((own / INCOMING).iterdir()) == partials(own)
    server.bytes_per_second = 0
    server.asked.clear()
    assert landslides("models", "fetch", "slides").code == 0
    assert server.ranges(f"slides-1.2.3-{WEIGHTS}")[0].startswith("bytes=")


def test_download_of_an_older_version_gives_way_to_what_is_shipped_now(landslides, own, model):
    write_toy(own / "slides", "segmentation", name="slides", **{DOWNLOADED: "http://x/{name}"})
    assert shelf.find_model("slides").folder == shelf.SHIPPED / "slides"
    assert landslides("models", "fetch", "slides").code == 0
    assert shelf.find_model("slides").sha256 == model.sha256


class TestFetchedBefore:
    @pytest.fixture
    def fetched(self, landslides, own, model):
        assert landslides("models", "fetch", "slides").code == 0
        return own / "slides"

    def test_older_copy_is_used_until_the_new_one_is_complete(self, landslides, own, model, server, tmp_path):
        older = write_toy(own / "of-the-institute", "segmentation", name="of-the-institute", **{DOWNLOADED: "x"})
        offer = {"url": "http://127.0.0.1:9/{file}", "models": [{**model.fields, "name": "of-the-institute"}]}
        (tmp_path / "catalogue.json").write_text(json.dumps(offer))
        assert landslides("models", "fetch", "of-the-institute").code == 1
        assert shelf.find_model("of-the-institute").sha256 == older.sha256
        offer["url"] = f"{server.address}/slides-1.2.3-{{file}}"
        (tmp_path / "catalogue.json").write_text(json.dumps(offer))
        assert landslides("models", "fetch", "of-the-institute").code == 0
        assert shelf.find_model("of-the-institute").sha256 == model.sha256

    @pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"damaged")])
    def test_copy_that_is_not_whole_is_fetched_anew(self, landslides, fetched, harm):
        harm(fetched / WEIGHTS)
        assert landslides("models", "fetch", "slides").code == 0
        shelf.check_files(shelf.find_model("slides"))

    def test_files_of_others_in_its_folder_are_no_hindrance(self, landslides, fetched):
        (fetched / ".DS_Store").write_text("of a file manager")
        assert landslides("models", "remove", "slides").code == 0
        assert landslides("models", "fetch", "slides").code == 0
        shelf.check_files(shelf.find_model("slides"))
        assert (fetched / ".DS_Store").exists()


def test_own_model_of_that_name_is_not_overwritten(landslides, own, model):
    write_toy(own / "slides", "segmentation", name="slides")
    answer = landslides("models", "fetch", "slides")
    assert answer.code == 1
    assert "there is a model 'slides' of your own already" in answer.err


def test_catalogue_offers_models_beside_the_shipped_ones(landslides, own, model, tmp_path, server):
    (tmp_path / "catalogue.json").write_text(
        json.dumps(
            {
                "url": f"{server.address}/slides-1.2.3-{{file}}",
                "models": [{**model.fields, "name": "of-the-institute"}],
            }
        )
    )
    assert landslides("models", "fetch", "of-the-institute").code == 0
    assert shelf.find_model("of-the-institute").folder == own / "of-the-institute"
    assert "there are: of-the-institute, slides" in landslides("models", "fetch", "nothing").err


class TestByAddress:
    @pytest.fixture
    def url(self, own, server, tmp_path):
        toy = write_toy(tmp_path / "toy", "segmentation")
        with zipfile.ZipFile(server.folder / "toy.zip", "w") as archive:
            for path in toy.folder.iterdir():
                archive.write(path, f"toy/{path.name}")
        return f"{server.address}/toy.zip"

    def test_zip_is_fetched_and_imported(self, landslides, own, url, server):
        answer = landslides("models", "fetch", url, "--sha256", sha256(server.folder / "toy.zip"))
        assert answer.code == 0, answer.err
        assert "Warning" not in answer.err
        assert shelf.find_model("toy-segmentation").folder == own / "toy-segmentation"
        assert partials(own) == []

    def test_without_checksum_there_is_a_warning_and_no_resuming(self, landslides, own, url, server):
        server.break_after = [500, *[0] * 10]
        answer = landslides("models", "fetch", url)
        assert answer.code == 1
        assert "kept" not in answer.err
        assert partials(own) == []
        server.break_after = []
        server.asked.clear()
        answer = landslides("models", "fetch", url)
        assert answer.code == 0
        assert "give --sha256" in answer.err
        assert server.asked == [("toy.zip", "")]

    def test_wrong_checksum(self, landslides, own, url):
        answer = landslides("models", "fetch", url, "--sha256", "0" * 64)
        assert answer.code == 1
        assert "SHA-256 differs" in answer.err

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x.zip"])
    def test_only_http(self, landslides, own, url):
        answer = landslides("models", "fetch", url)
        assert answer.code == 1
        assert "unknown url type" in answer.err

    def test_checksum_for_a_name_is_wrong_usage(self, landslides, own, model):
        assert landslides("models", "fetch", "slides", "--sha256", "0").code == 2
