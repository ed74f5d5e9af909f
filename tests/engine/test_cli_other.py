"""The other commands, and what starting the engine costs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import TORCH, loaded_by
from landslide_detector.models.cli.main import landslides as program
from landslide_detector.models.library import shelf
from scenes import landscape, write_raster
from toy_models import write_toy


def commands(group, context):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield from commands(command, context) if isinstance(command, click.Group) else [command]


def test_help_explains_every_option():
    found = list(commands(program, click.Context(program)))
    assert len(found) > 8
    assert not [
        (command.name, option.name)
        for command in found
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]


class TestWhatIsImported:
    def test_detecting_on_a_cpu_never_imports_torch(self, toys, tmp_path):
        scene = write_raster(tmp_path / "s.tif", landscape(60, 60))
        outputs = ["--probability", tmp_path / "p.tif", "--polygons", tmp_path / "v.gpkg"]
        code, loaded = loaded_by("detect", "segmentation", scene, *outputs, "--model", toys["segmentation"].folder)
        assert code == 0
        assert "openvino" in loaded
        assert not loaded & {*TORCH, "qgis", "onnx"}

    @pytest.mark.parametrize(
        ("arguments", "heavy"),
        [
            (["models", "list"], {"numpy", "rasterio", "openvino", "geopandas", "torch", "rich"}),
            (["--help"], {"openvino", "geopandas", "torch", "rich"}),
        ],
    )
    def test_small_commands_start_light(self, arguments, heavy):
        code, loaded = loaded_by(*arguments)
        assert code == 0
        assert not loaded & heavy


@pytest.fixture
def own_models(monkeypatch, tmp_path):
    """A shelf of the user's own beside an empty shipped one."""
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "own"))
    return tmp_path / "own"


class TestModels:
    def test_list_as_json_is_the_contract(self, landslides, own_models):
        card = write_toy(own_models / "toy", "anomaly")
        (row,) = json.loads(landslides("models", "list", "--json").out)
        assert row == {
            "name": "toy-anomaly", "detector": "anomaly", "architecture": "UNet", "description": "A toy for tests",
            "folder": str(card.folder), "resolution": [0.5, 15.0], "default": False, "complete": True,
        }  # fmt: skip

    def test_show_gives_the_card(self, landslides, own_models):
        card = write_toy(own_models / "toy", "anomaly")
        for name in ("toy-anomaly", card.folder):
            assert json.loads(landslides("models", "show", name, "--json").out) == card.fields
        assert "description: A toy for tests" in landslides("models", "show", "toy-anomaly").out

    def test_unknown_model_is_one_line(self, landslides, own_models):
        answer = landslides("models", "show", "nope")
        assert answer.code == 1
        assert answer.error == "Error: no model 'nope'; there are: none"

    def test_own_model_hides_the_shipped_one_and_may_be_the_default(self, own_models):
        shipped = {"name": "m", "landslides:default": True}
        write_toy(shelf.SHIPPED / "m", "segmentation", **shipped)
        assert shelf.find_model("auto", "segmentation").folder == shelf.SHIPPED / "m"
        write_toy(own_models / "mine", "segmentation", **shipped)
        assert shelf.find_model("m").folder == shelf.find_model("auto", "segmentation").folder == own_models / "mine"

    def test_no_default_is_said(self, own_models):
        with pytest.raises(shelf.ModelError, match="no default model for 'patches' is installed"):
            shelf.find_model("auto", "patches")

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("not json", "not readable as a model card"),
            ("[]", "a model card is a JSON object"),
            ("{}", "field for 'name' is missing"),
        ],
    )
    def test_bad_package_is_reported_and_the_others_stay_usable(self, landslides, own_models, content, says):
        write_toy(own_models / "good", "segmentation")
        (own_models / "bad").mkdir()
        (own_models / "bad" / "card.json").write_text(content)
        answer = landslides("models", "list")
        assert answer.code == 0
        assert "toy-segmentation" in answer.out
        assert says in answer.err
        assert shelf.find_model("toy-segmentation").detector == "segmentation"
        assert says in json.loads(landslides("environment", "--json").out)["model_faults"][0]

    @pytest.mark.parametrize(
        "field",
        ["mlm:input", "landslides:stretch", "landslides:resolution", "landslides:threshold", "landslides:anomaly"],
    )
    def test_missing_field_is_named_with_the_file(self, own_models, field):
        card = write_toy(own_models / "toy", "anomaly")
        fields = {key: value for key, value in card.fields.items() if key != field}
        (card.folder / "card.json").write_text(json.dumps(fields))
        with pytest.raises(shelf.ModelError, match=r"card\.json: field for .* is missing or malformed"):
            shelf.read_card(card.folder)

    def test_patches_that_do_not_fit_into_a_tile_are_malformed(self, own_models):
        card = write_toy(own_models / "toy", "patches")
        for size in (16, 96):
            (card.folder / "card.json").write_text(json.dumps({**card.fields, "landslides:patch_size": size}))
            with pytest.raises(shelf.ModelError, match=f"patches of {size} px that overlap by 16 px"):
                shelf.read_card(card.folder)

    def test_unknown_detector_and_uneven_scaling(self, own_models):
        card = write_toy(own_models / "toy", "segmentation")
        for change, says in (({"detector": "x"}, "unknown detector 'x'"), ({"mlm:input": None}, "malformed")):
            (card.folder / "card.json").write_text(json.dumps({**card.fields, **change}))
            with pytest.raises(shelf.ModelError, match=says):
                shelf.read_card(card.folder)
        inputs = [{"bands": ["red"], "value_scaling": card.fields["mlm:input"][0]["value_scaling"]}]
        (card.folder / "card.json").write_text(json.dumps({**card.fields, "mlm:input": inputs}))
        with pytest.raises(shelf.ModelError, match="1 bands, but scaling for 3"):
            shelf.read_card(card.folder)


class TestEnvironment:
    def test_json_is_the_contract(self, landslides, own_models):
        write_toy(own_models / "toy", "patches")
        facts = json.loads(landslides("environment", "--json").out)
        assert {
            "version",
            "python",
            "executable",
            "packages",
            "device",
            "precision",
            "reason",
            "devices",
            "models",
        } <= set(facts)
        assert facts["models"] == ["toy-patches"]
        assert facts["packages"]["numpy"]
        assert {"name": "cpu", "usable": True, "note": "OpenVINO"} in facts["devices"]

    def test_text_names_device_and_models(self, landslides, own_models):
        write_toy(own_models / "toy", "patches")
        text = landslides("environment").out
        assert "Will compute on: cpu" in text
        assert "toy-patches" in text

    def test_damaged_model_is_a_fault(self, landslides, own_models):
        card = write_toy(own_models / "toy", "patches")
        (card.folder / "model.safetensors").write_bytes(b"x")
        assert "fault: model 'toy-patches'" in landslides("environment").out

    def test_missing_torch_is_said_with_the_remedy(self, landslides, monkeypatch):
        from landslide_detector.models.cli import environment

        monkeypatch.setattr(environment, "installed", lambda package: None if package == "torch" else "1.0")
        assert "landslide-detector[torch]" in landslides("environment").out


def test_program_without_arguments_shows_its_help(landslides):
    answer = landslides()
    assert answer.code == 2
    assert "Commands:" in answer.out + answer.err


def test_version(landslides):
    answer = landslides("--version")
    assert answer.code == 0
    assert answer.out.startswith("landslides, version ")


def test_installed_program_is_the_same():
    program = Path(sys.executable).with_name("landslides")
    done = subprocess.run([program, "models", "show", "nope"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: no model 'nope'")
