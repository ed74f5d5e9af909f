"""One package, several runtimes, one answer."""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import numpy as np
import onnxruntime
import openvino
import pytest
from conftest import DETECTORS, probabilities
from landslide_detector.models.errors import DeviceError, ModelError, OutOfMemoryError
from landslide_detector.models.inference import torch_network
from landslide_detector.models.inference.backends import OpenVinoNetwork, TorchNetwork, load_network
from landslide_detector.models.inference.device import Choice
from landslide_detector.models.inference.torch_network import Recording
from landslide_detector.models.library.card import GRAPH, read_card
from landslide_detector.models.library.shelf import check_files, list_models
from toy_models import default_kernel, write_toy

SHIPPED = {card.detector: card for card in list_models() if card.is_default}


def batch(count, size, bands=3):
    return np.random.default_rng(0).standard_normal((count, bands, size, size), np.float32)


def answers(card, size):
    """What each runtime makes of the same batch."""
    images = batch(2, size)
    session = onnxruntime.InferenceSession(card.folder / GRAPH, providers=["CPUExecutionProvider"])
    return {
        "openvino": OpenVinoNetwork(card, "fp32", size)(images),
        "openvino, any size": OpenVinoNetwork(card, "fp32", None)(images),
        "onnxruntime": session.run(None, {"image": images})[0],
    }


@pytest.mark.parametrize("detector", DETECTORS)
class TestRuntimesAgree:
    def test_on_toys(self, toys, detector):
        first, *others = answers(toys[detector], 64).values()
        assert first.dtype == np.float32
        for other in others:
            assert np.abs(first - other).max() < 1e-4

    def test_on_shipped_models_torch_included(self, detector):
        card = SHIPPED[detector]
        check_files(card)
        size = card.patch_size or 96
        results = {**answers(card, size), "torch": TorchNetwork(card, "cpu", "fp32")(batch(2, size))}
        scale = max(1.0, np.abs(results["torch"]).max())
        for name, result in results.items():
            assert result.shape == results["torch"].shape, name
            assert np.abs(result - results["torch"]).max() < 1e-3 * scale, name

    def test_probabilities_of_shipped_models(self, detector):
        card = SHIPPED[detector]
        size = card.patch_size or 96
        answers = [
            probabilities(card, network, size)
            for network in (TorchNetwork(card, "cpu", "fp32"), OpenVinoNetwork(card, "fp32", size))
        ]
        assert np.ptp(answers[0]) > 1e-3
        assert np.abs(answers[0] - answers[1]).max() < 1e-2


class TestOpenVino:
    def test_batches_of_any_length(self, toys):
        network = OpenVinoNetwork(toys["segmentation"], "fp32", 64)
        images = batch(5, 64)
        together = network(images)
        assert np.allclose(together, np.concatenate([network(images[n : n + 1]) for n in range(5)]), atol=1e-5)

    def test_result_stays_when_the_next_batch_is_computed(self, toys):
        network = OpenVinoNetwork(toys["segmentation"], "fp32", 64)
        first = network(batch(1, 64))
        before = first.copy()
        network(batch(1, 64) * 3)
        assert np.array_equal(first, before)

    def test_second_start_finds_the_compiled_model_in_the_cache(self, toys, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        compile_model, found = openvino.Core.compile_model, []

        def watched(*arguments):
            compiled = compile_model(*arguments)
            found.append(compiled.get_property("LOADED_FROM_CACHE"))
            return compiled

        monkeypatch.setattr(openvino.Core, "compile_model", watched)
        first, other, second = (OpenVinoNetwork(toys["segmentation"], "fp32", size) for size in (64, (64, 96), 64))
        assert found == [False, False, True]  # each size is compiled once
        assert np.array_equal(second(batch(1, 64)), first(batch(1, 64)))
        assert other(np.zeros((1, 3, 64, 96), np.float32)).shape == (1, 1, 64, 96)

    def test_retrained_model_in_the_same_place_is_not_answered_from_a_cache(self, tmp_path):
        kernel = default_kernel("segmentation")
        folder = tmp_path / "model"
        first = OpenVinoNetwork(write_toy(folder, "segmentation", kernel), "fp32", 64)(batch(1, 64))
        times = {path: path.stat() for path in folder.iterdir()}
        card = write_toy(folder, "segmentation", kernel * 0.5)
        for path, stat in times.items():
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        second = OpenVinoNetwork(card, "fp32", 64)(batch(1, 64))
        assert np.allclose(second, first * 0.5, atol=1e-4)

    def test_cache_that_cannot_be_written_is_done_without(self, toys, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        assert OpenVinoNetwork(toys["segmentation"], "fp32", 64)(batch(1, 64)).shape == (1, 1, 64, 64)

    def test_damaged_cache_is_done_without(self, toys, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        expected = OpenVinoNetwork(toys["segmentation"], "fp32", 64)(batch(1, 64))
        for blob in tmp_path.rglob("*.blob"):
            blob.write_bytes(blob.read_bytes()[:100])
        assert np.allclose(OpenVinoNetwork(toys["segmentation"], "fp32", 64)(batch(1, 64)), expected)

    def test_graph_for_other_bands_is_an_error_that_names_the_file(self, toys, tmp_path):
        card = write_toy(tmp_path / "m", "segmentation", bands=["red", "green"])
        with pytest.raises(ModelError, match=r"model\.onnx: OpenVINO cannot use it"):
            OpenVinoNetwork(card, "fp32", 64)

    @pytest.mark.parametrize("streams", [1, 2])
    def test_threads_get_each_its_own_answer(self, toys, streams):
        network = OpenVinoNetwork(toys["segmentation"], "fp32", 64, streams)
        batches = [batch(1, 64) * factor for factor in range(1, 9)]
        alone = [network(each) for each in batches]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(network, batches))
        for first, second in zip(alone, together, strict=True):
            assert np.array_equal(first, second)

    @pytest.mark.parametrize(("message", "kind"), [("std::bad_alloc", OutOfMemoryError), ("broken", ModelError)])
    def test_graph_that_does_not_fit_is_told_from_one_that_cannot_be_used(self, toys, monkeypatch, message, kind):
        def failing(*_):
            raise RuntimeError(f"Exception from src/core.cpp:\n{message}")

        monkeypatch.setattr(openvino.Core, "compile_model", failing)
        with pytest.raises(kind, match=rf"model\.onnx: OpenVINO cannot use it \({message}\)"):
            OpenVinoNetwork(toys["segmentation"], "fp32", 64)

    @pytest.mark.parametrize(("message", "kind"), [("std::bad_alloc", OutOfMemoryError), ("broken", DeviceError)])
    def test_failure_of_the_device_is_one_line(self, toys, message, kind):
        network = OpenVinoNetwork(toys["segmentation"], "fp32", 64)

        class Failing:
            def infer(self, *_, **__):
                raise RuntimeError(f"Exception from src/plugin.cpp:\n{message}")

        network._idle.get()
        network._idle.put(Failing())
        with pytest.raises(kind, match=f"^OpenVINO: {message}$"):
            network(batch(1, 64))
        with pytest.raises(kind):  # and the next thread is not left waiting
            network(batch(1, 64))


class TestTorch:
    @pytest.mark.parametrize(("message", "kind"), [("CUDA out of memory", OutOfMemoryError), ("broken", DeviceError)])
    def test_failure_of_the_device_is_one_line(self, message, kind):
        network = TorchNetwork(SHIPPED["segmentation"], "cpu", "fp32")

        def failing(x):
            raise RuntimeError(f"{message}. Tried to allocate\nmuch")

        network._network = failing
        with pytest.raises(kind, match=f"^device 'cpu': {message}"):
            network(batch(1, 64))

    def test_recorded_computation_answers_like_a_plain_one(self, monkeypatch):
        """A CUDA graph on a machine without CUDA: what is recorded is run when it is replayed."""
        import torch

        recorded = []

        class Graph:
            def replay(self):
                recording._y.copy_(recorded[0](recording._x))

        @contextmanager
        def recording_of(graph, stream, capture_error_mode):
            recorded.append(forward)
            yield

        def forward(x):
            return x.sum(dim=1, keepdim=True)

        empty = torch.empty
        monkeypatch.setattr(torch, "empty", lambda shape, pin_memory=False: empty(shape))
        monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
        monkeypatch.setattr(torch.cuda, "graph", recording_of)
        stream = SimpleNamespace(device="cpu", synchronize=lambda: None)
        recording = Recording(forward, (2, 3, 8, 8), stream)
        for factor in (1, 2):
            images = batch(2, 8) * factor
            answer = recording(images)
            assert np.allclose(answer, images.sum(axis=1, keepdims=True), atol=1e-5)

    @pytest.mark.parametrize(("message", "kind"), [("CUDA out of memory", OutOfMemoryError), ("broken", DeviceError)])
    def test_weights_that_do_not_fit_are_out_of_memory(self, monkeypatch, message, kind):
        from torch import nn

        def failing(*_, **__):
            raise RuntimeError(f"{message}. Tried to allocate\nmuch")

        monkeypatch.setattr(nn.Module, "to", failing)
        with pytest.raises(kind, match=f"^device 'cpu': {message}"):
            TorchNetwork(SHIPPED["anomaly"], "cpu", "fp32")

    def test_threads_take_turns_where_there_is_but_one_queue(self):
        network = TorchNetwork(SHIPPED["anomaly"], "cpu", "fp32")
        inside, most = [], []

        def forward(x):
            inside.append(x)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()
            return x

        network._network = forward
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(network, [batch(1, 8)] * 12))
        assert most == [1] * 12

    @pytest.fixture
    def on_cuda(self, monkeypatch):
        """A network of a machine without CUDA that takes its device for one; and the shapes it records."""
        import torch

        recorded = []

        class Recorded:
            def __init__(self, forward, shape, stream):
                recorded.append(shape)
                self.forward = forward

            def __call__(self, images):
                return self.forward(torch.from_numpy(images)).numpy()

        monkeypatch.setattr(torch_network, "Recording", Recorded)
        monkeypatch.setattr(torch.cuda, "Stream", lambda device: None)
        for context in ("device", "stream"):
            monkeypatch.setattr(torch.cuda, context, lambda _: nullcontext())
        network = TorchNetwork(SHIPPED["anomaly"], "cpu", "fp32")
        network._on_cuda, network._network = True, lambda x: 2 * x
        return network, recorded

    def test_only_the_usual_batch_is_recorded_however_many_windows_others_have(self, on_cuda):
        network, recorded = on_cuda
        for count in (8, 3, 8, 5, 3, 8, 1, 5, 8, 3, 2):
            images = batch(count, 8)
            assert np.array_equal(network(images), 2 * images)
        assert [shape[0] for shape in recorded] == [8]

    def test_what_is_left_of_a_strip_is_not_taken_for_the_usual_for_long(self, on_cuda):
        network, recorded = on_cuda
        for count in (3, 3, 8, 8, 3, 8):
            network(batch(count, 8))
        assert [shape[0] for shape in recorded] == [3, 8]

    def test_batches_that_do_not_fit_are_forgotten_in_every_thread(self, on_cuda):
        network, recorded = on_cuda
        with ThreadPoolExecutor(1) as other:
            for _ in range(2):
                other.submit(network, batch(8, 8)).result()

            def full(x):
                raise RuntimeError("CUDA out of memory")

            network._network, good = full, network._network
            with pytest.raises(OutOfMemoryError):
                network(batch(8, 8))
            network._network = good
            for _ in range(2):
                other.submit(network, batch(4, 8)).result()
        assert [shape[0] for shape in recorded] == [8, 4]

    def test_weights_of_another_architecture_are_refused(self, tmp_path):
        shutil.copytree(SHIPPED["anomaly"].folder, tmp_path / "m")
        card = read_card(tmp_path / "m")
        card.fields["mlm:architecture"] = "DeepLabV3Plus"
        with pytest.raises(ModelError, match=r"model\.safetensors: does not fit DeepLabV3Plus"):
            TorchNetwork(card, "cpu", "fp32")

    def test_unknown_architecture_is_named(self, tmp_path):
        card = write_toy(tmp_path / "m", "segmentation", **{"mlm:architecture": "Crystal ball"})
        with pytest.raises(ModelError, match="unknown architecture 'Crystal ball'"):
            TorchNetwork(card, "cpu", "fp32")

    def test_accelerators_compute_with_torch(self):
        network = load_network(SHIPPED["anomaly"], Choice("meta", "fp32", "a device without memory"), 64)
        assert isinstance(network, TorchNetwork)
