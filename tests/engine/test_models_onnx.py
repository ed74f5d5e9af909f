"""ONNX models with Deepness's metadata keys become model packages that really detect."""

from __future__ import annotations

import json

import numpy as np
import onnx
import onnxruntime
import pytest
from landslide_detector.models.errors import ModelError
from landslide_detector.models.inference.backends import OpenVinoNetwork
from landslide_detector.models.inference.device import Choice, choice_for
from landslide_detector.models.library import shelf
from landslide_detector.models.library.card import GRAPH, WEIGHTS, read_card
from landslide_detector.models.library.deepness import Metadata, choose_class
from landslide_detector.models.library.importing import Incoming, import_model
from landslide_detector.models.library.weights_file import tensor_places
from onnx import TensorProto
from onnx_models import METADATA, scores, write_onnx
from scenes import landscape, read_raster, write_raster
from toy_models import logistic

SHIPPED = next(card for card in shelf.list_models("segmentation") if card.is_default)


@pytest.fixture
def own(monkeypatch, tmp_path):
    """An empty shelf of the user's own beside an empty shipped one."""
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "own"))
    return tmp_path / "own"


def bring(path, **options):
    incoming = Incoming()
    try:
        return import_model(path, incoming, **options)
    finally:
        incoming.discard()


def probabilities(card, images):
    return logistic(OpenVinoNetwork(card, "fp32", card.tile_size)(images))


def images(bands=3, size=64):
    return np.random.default_rng(0).random((2, bands, size, size), np.float32)


def expected(batch, classes, activation):
    """Probability of the last class, as the model's makers mean it."""
    maps = np.stack([scores(image, classes) for image in batch])
    if activation == "Sigmoid" or classes == 1:
        return logistic(maps[:, -1:])
    shares = np.exp(maps - maps.max(axis=1, keepdims=True))
    return (shares / shares.sum(axis=1, keepdims=True))[:, -1:]


@pytest.mark.parametrize("resized", [False, True], ids=["activation last", "activation behind a resize"])
@pytest.mark.parametrize(
    ("classes", "activation"),
    [(1, "Sigmoid"), (1, None), (2, "Softmax"), (2, None), (3, "Softmax"), (3, "Sigmoid")],
)
def test_answers_as_before(own, tmp_path, classes, activation, resized):
    path = write_onnx(tmp_path / "m.onnx", classes=classes, activation=activation, resized=resized)
    card = bring(path)
    found = probabilities(card, images())
    assert found.shape == (2, 1, 64, 64)
    assert np.abs(found - expected(images(), classes, activation)).max() < 1e-4


@pytest.mark.parametrize("opset", [11, 13, 18, 21])
def test_old_and_new_operator_sets(own, tmp_path, opset):
    card = bring(write_onnx(tmp_path / "m.onnx", opset=opset))
    assert np.abs(probabilities(card, images()) - expected(images(), 3, "Softmax")).max() < 1e-4


@pytest.mark.parametrize("bands", [1, 3, 4, 6])
def test_any_number_of_bands(own, tmp_path, bands):
    card = bring(write_onnx(tmp_path / "m.onnx", bands=bands))
    assert len(card.bands) == bands
    assert (card.bands == ("red", "green", "blue")) == (bands == 3)
    assert probabilities(card, images(bands)).shape == (2, 1, 64, 64)


def test_half_precision_graph(own, tmp_path):
    card = bring(write_onnx(tmp_path / "m.onnx", data_type=TensorProto.FLOAT16))
    assert np.abs(probabilities(card, images()) - expected(images(), 3, "Softmax")).max() < 5e-2


def test_network_of_real_size_answers_as_before(own, tmp_path):
    """The shipped segmentation, exported as others do: weights inside, a sigmoid at the end."""
    model = onnx.load(SHIPPED.folder / GRAPH)
    last = model.graph.output[0].name
    model.graph.node.append(onnx.helper.make_node("Sigmoid", [last], ["probability"]))
    model.graph.output[0].name = "probability"
    metadata = {"resolution": 80, "tile_size": 96, "standardization_mean": list(SHIPPED.mean)}
    for key, value in {**metadata, "standardization_std": list(SHIPPED.stddev)}.items():
        model.metadata_props.add(key=key, value=json.dumps(value))
    onnx.save(model, tmp_path / "exported.onnx")
    card = bring(tmp_path / "exported.onnx")
    assert (card.mean, card.stddev, card.tile_size) == (SHIPPED.mean, SHIPPED.stddev, 96)
    batch = images(size=96)
    answers = [OpenVinoNetwork(model, "fp32", 96)(batch) for model in (SHIPPED, card)]
    assert np.abs(answers[0] - answers[1]).max() < 1e-3


class TestPackage:
    def test_weights_lie_in_safetensors_bit_for_bit_and_both_runtimes_read_them(self, own, tmp_path):
        path = write_onnx(tmp_path / "m.onnx", kernel=15)
        card = bring(path)
        original = next(tensor for tensor in onnx.load(path).graph.initializer if tensor.name == "conv.weight")
        places = tensor_places(card.folder / WEIGHTS)
        offset, length = places["conv.weight"]
        stored = (card.folder / WEIGHTS).read_bytes()[offset : offset + length]
        assert stored == onnx.numpy_helper.to_array(original).tobytes()
        assert (card.folder / GRAPH).stat().st_size < length
        session = onnxruntime.InferenceSession(card.folder / GRAPH, providers=["CPUExecutionProvider"])
        answers = [session.run(None, {"image": images()})[0], OpenVinoNetwork(card, "fp32", 64)(images())]
        assert np.abs(answers[0] - answers[1]).max() < 1e-4

    def test_graph_without_large_tensors_is_kept_whole(self, own, tmp_path):
        card = bring(write_onnx(tmp_path / "m.onnx"))
        assert sorted(path.name for path in card.folder.iterdir()) == ["card.json", "model.onnx"]
        assert card.files == (GRAPH,)
        shelf.check_files(card)

    def test_card_says_what_the_metadata_said(self, own, tmp_path):
        metadata = {**METADATA, "standardization_mean": [0.4, 0.5, 0.6], "standardization_std": 0.2}
        card = bring(write_onnx(tmp_path / "Slides v2 (final).onnx", metadata))
        assert card.name == "Slides-v2-final"
        assert (card.detector, card.resolution, card.tile_size, card.overlap) == ("segmentation", (2.0, 2.0), 64, 16)
        assert (card.threshold, card.mean, card.stddev) == (0.6, (0.4, 0.5, 0.6), (0.2, 0.2, 0.2))
        assert card.has_fixed_tile_size
        assert "class 2, 'landslide'" in card.description
        assert read_card(own / "Slides-v2-final").fields == card.fields

    def test_threshold_of_a_logit_is_turned_into_a_probability(self, own, tmp_path):
        metadata = {"resolution": 100, "seg_thresh": 2.0}
        card = bring(write_onnx(tmp_path / "m.onnx", metadata, classes=1, activation=None, size=None))
        assert card.threshold == pytest.approx(float(logistic(2.0)), abs=1e-4)
        assert (card.tile_size, card.has_fixed_tile_size) == (512, False)


def test_imported_model_detects_from_the_command_line(landslides, own, tmp_path, rasters_only):
    path = write_onnx(tmp_path / "slides.onnx", classes=2)
    answer = landslides("models", "import", path, "--name", "two", "--class", "road", "--progress", "json")
    assert answer.code == 0, answer.out
    assert answer.of("result")[0]["model"] == "two"
    image = landscape(150, 170)
    scene = write_raster(tmp_path / "scene.tif", image)
    options = ("--model", "two", "--device", "cpu", "--precision", "fp32", "--progress", "json")
    answer = landslides("detect", "segmentation", scene, "--probability", tmp_path / "p.tif", *options)
    assert answer.code == 0, answer.out
    found = read_raster(tmp_path / "p.tif").pixels
    assert np.abs(found - expected([image / np.float32(255)], 2, "Softmax")[0, 0]).max() < 1e-3


def test_scene_smaller_than_a_tile_that_cannot_shrink(own, tmp_path, run_detection, rasters_only):
    card = bring(write_onnx(tmp_path / "m.onnx", classes=2, size=64))
    image = landscape(20, 25)
    run = run_detection(card, write_raster(tmp_path / "s.tif", image), threshold=0.5)
    wanted = expected([image / np.float32(255)], 2, "Softmax")[0, 0]
    assert np.abs(read_raster(run.probability).pixels - wanted).max() < 1e-3


def test_graph_without_a_pytorch_network_computes_on_the_cpu(own, tmp_path):
    card = bring(write_onnx(tmp_path / "m.onnx"))
    choice = choice_for(card, Choice("cuda", "fp16", "the first accelerator that works"))
    assert (choice.device, choice.reason.split(";")[0]) == ("cpu", "an imported ONNX model computes there")


class TestRefused:
    def refused(self, path, **options):
        with pytest.raises(ModelError) as error:
            bring(path, **options)
        assert not list(path.parent.glob("own/*/card.json"))
        return str(error.value)

    @pytest.mark.parametrize(
        ("metadata", "options", "says"),
        [
            ({"model_type": "Detector"}, {}, "is a detector; of Deepness's models only Segmentors"),
            ({"resolution": None}, {}, "does not say its ground resolution; give it with --resolution"),
            ({"resolution": "fine"}, {}, "metadata 'resolution' is not a number"),
            ({"class_names": {"0": "a", "1": "b", "2": "c"}}, {}, "which of its 3 classes is landslide"),
            ({"class_names": {"x": "a"}}, {}, "'class_names' is not names by number"),
            ({}, {"landslide": "lava"}, "has no class 'lava'; there are: background, road, landslide"),
            ({"standardization_mean": [1, 2]}, {}, "'standardization_mean' is not a number for each of 3 bands"),
        ],
    )
    def test_metadata(self, own, tmp_path, metadata, options, says):
        assert says in self.refused(write_onnx(tmp_path / "m.onnx", {**METADATA, **metadata}), **options)

    def test_graph_that_gives_classes_instead_of_probabilities(self, own, tmp_path):
        assert "gives classes, not probabilities" in self.refused(write_onnx(tmp_path / "m.onnx", activation="ArgMax"))

    def test_file_that_is_no_model(self, own, tmp_path):
        path = tmp_path / "m.onnx"
        path.write_bytes(b"not a model")
        assert "not readable as an ONNX model" in self.refused(path)

    def test_tensors_outside_the_folder_of_the_file(self, own, tmp_path):
        path = write_onnx(tmp_path / "m.onnx", kernel=15)
        model = onnx.load(path)
        (tmp_path / "sub").mkdir()
        (tmp_path / "secret").write_bytes(bytes(10_000))
        tensor = model.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="../secret")
        (tmp_path / "sub" / "m.onnx").write_bytes(model.SerializeToString())
        assert "not readable as an ONNX model" in self.refused(tmp_path / "sub" / "m.onnx")


def test_resolution_may_be_given_where_the_file_says_nothing(own, tmp_path):
    card = bring(write_onnx(tmp_path / "m.onnx", {}, classes=2), resolution=0.5)
    assert card.resolution == (0.5, 0.5)


def test_class_names_may_be_python_literals_as_in_older_files(tmp_path):
    metadata = Metadata({"class_names": "{0: 'no', 1: 'Landslide scar'}"}, tmp_path)
    assert metadata.classes() == ["no", "Landslide scar"]
    assert choose_class(metadata.classes(), 3, None, tmp_path) == 1
    assert choose_class(["background", "landslide"], 1, "landslide", tmp_path) == 0
    assert choose_class([], 4, "2", tmp_path) == 2


def test_import_says_what_is_wrong_in_one_line(landslides, own, tmp_path):
    answer = landslides("models", "import", write_onnx(tmp_path / "m.onnx", {}), "--progress", "json")
    assert answer.code == 1
    assert "which of its 3 classes" in answer.of("error")[0]["message"]
    assert json.loads(landslides("models", "list", "--json").out) == []
