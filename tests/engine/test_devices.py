"""Which device computes: what works is found out by trying, and what does not is said."""

from __future__ import annotations

import os
import sys
from importlib.abc import MetaPathFinder
from importlib.metadata import PackageNotFoundError

import pytest
from landslide_detector.models.errors import DeviceError
from landslide_detector.models.inference import device
from landslide_detector.models.inference.device import choose, remove_oldest


@pytest.fixture
def machine(monkeypatch):
    """A machine with the accelerators a test gives it, and a CPU with or without bf16."""

    def build(accelerators=(), faults=None, bf16=False, capability=(8, 6)):
        faults = faults or {}
        monkeypatch.setattr(device, "candidates", lambda: list(accelerators))
        monkeypatch.setattr(
            device, "probe", lambda name, _: faults.get(name, None if name in accelerators else "no such device")
        )
        monkeypatch.setattr(device, "_cpu_has_bf16", lambda: bf16)
        if accelerators:
            import torch

            monkeypatch.setattr(torch.cuda, "get_device_capability", lambda name: capability)
            for kind in (torch.cuda, torch.xpu):
                monkeypatch.setattr(kind, "get_device_name", lambda name: f"Model of {name}")

    return build


class TestAuto:
    def test_without_accelerators_the_cpu_computes(self, machine):
        machine()
        choice = choose()
        assert (choice.device, choice.precision, choice.passed_over) == ("cpu", "fp32", [])
        assert "no accelerator found" in choice.reason

    def test_cpu_that_knows_bf16_uses_it(self, machine):
        machine(bf16=True)
        assert (choose().precision, "bf16 natively" in choose().reason) == ("bf16", True)

    def test_accelerator_that_works_is_chosen(self, machine):
        machine(["cuda"])
        assert (choose().device, choose().precision) == ("cuda", "bf16")

    def test_reason_names_the_gpu_and_what_decides_its_precision(self, machine):
        machine(["cuda"])
        assert choose().reason == "the first accelerator that works, Model of cuda; it computes bf16 natively"
        assert choose("cuda", "fp16").reason == "asked for, Model of cuda; precision asked for"

    @pytest.mark.parametrize(("version", "found"), [("2.9.0+xpu", ["xpu"]), ("2.9.0+cu128", []), (None, [])])
    def test_pytorch_for_intel_is_a_sign_of_its_gpus(self, monkeypatch, version, found):
        def version_of(package):
            if version is None:
                raise PackageNotFoundError
            return version

        monkeypatch.setattr(device, "version", version_of)
        monkeypatch.setattr(device.shutil, "which", lambda program: None)
        monkeypatch.setattr(device.platform, "system", lambda: "Windows")
        assert [name for name in device.candidates() if name != "cuda"] == found

    def test_accelerator_that_fails_is_passed_over_and_reported(self, machine):
        machine(["cuda", "xpu"], faults={"cuda": "driver too old"})
        choice = choose()
        assert choice.device == "xpu"
        assert choice.passed_over == ["cuda: driver too old"]

    def test_when_all_fail_the_cpu_computes_and_each_fault_is_reported(self, machine):
        machine(["cuda", "xpu"], faults={"cuda": "driver too old", "xpu": "out of memory"})
        choice = choose()
        assert choice.device == "cpu"
        assert choice.passed_over == ["cuda: driver too old", "xpu: out of memory"]
        assert "no accelerator works" in choice.reason

    def test_passed_over_device_is_a_warning_of_detect(self, machine, landslides, toys, tmp_path):
        from scenes import landscape, write_raster

        machine(["cuda"], faults={"cuda": "driver too old"})
        scene = write_raster(tmp_path / "s.tif", landscape(40, 40))
        answer = landslides(
            "detect", "segmentation", scene, "--mask", tmp_path / "m.tif",
            "--model", toys["segmentation"].folder, "--progress", "json",
        )  # fmt: skip
        assert answer.of("warning")[0]["message"] == "passed over cuda: driver too old"
        assert answer.code == 0


class TestByName:
    def test_missing_device_is_an_error_not_the_cpu(self, machine):
        machine()
        with pytest.raises(DeviceError, match="device 'cuda:1': no such device"):
            choose("cuda:1")

    def test_cpu_is_not_second_guessed(self, machine):
        machine(["cuda"])
        assert (choose("cpu").device, choose("cpu").reason.startswith("asked for")) == ("cpu", True)

    def test_real_probe_of_a_device_that_is_not_there_says_why(self):
        fault = device.probe("cuda:77", "auto")
        assert fault
        assert "\n" not in fault

    @pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
    def test_real_probe_of_a_working_device_finds_no_fault(self, precision):
        assert device.probe("cpu", precision) is None

    def test_device_that_fails_only_at_the_precision_to_be_used_is_faulty(self, monkeypatch):
        import torch

        conv2d = torch.nn.functional.conv2d

        def failing(x, weight):
            result = conv2d(x, weight)
            if result.dtype == torch.bfloat16:
                raise RuntimeError("no kernel for bf16")
            return result

        monkeypatch.setattr(torch.nn.functional, "conv2d", failing)
        assert device.probe("cpu", "fp32") is None
        assert device.probe("cpu", "bf16") == "no kernel for bf16"

    def test_torch_that_cannot_be_loaded_is_the_fault(self, monkeypatch):
        class Broken(MetaPathFinder):
            def find_spec(self, name, path, target=None):
                if name == "torch":
                    raise OSError("[WinError 126] The specified module could not be found")

        monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
        monkeypatch.delitem(sys.modules, "torch", raising=False)
        monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: "there")
        assert device.probe("cuda", "bf16") == "[WinError 126] The specified module could not be found"

    def test_missing_torch_is_the_fault(self, monkeypatch):
        monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: None)
        assert "PyTorch is not installed" in device.probe("cuda", "bf16")


class TestPrecision:
    @pytest.mark.parametrize(
        ("where", "asked", "chosen"),
        [
            ("cpu", "auto", "fp32"), ("cpu", "fp32", "fp32"), ("cuda", "auto", "bf16"), ("cuda", "fp16", "fp16"),
            ("mps", "auto", "fp32"), ("xpu", "auto", "bf16"), ("cuda:1", "fp32", "fp32"),
        ],
    )  # fmt: skip
    def test_rules(self, machine, where, asked, chosen):
        machine([] if where == "cpu" else [where])
        assert choose(where, asked).precision == chosen

    def test_cuda_that_only_emulates_bf16_computes_fp16(self, machine):
        machine(["cuda"], capability=(7, 5))
        assert choose("cuda").precision == "fp16"

    def test_int8_is_for_the_cpu(self, machine):
        machine(["cuda"])
        assert choose("cpu", "int8").precision == "int8"
        with pytest.raises(DeviceError, match="precision 'int8' is for the CPU"):
            choose("cuda", "int8")
        assert (choose("auto", "int8").device, choose("auto", "int8").precision) == ("cpu", "int8")

    def test_bf16_without_the_instructions_is_refused(self, machine):
        machine()
        with pytest.raises(DeviceError, match="this CPU has no AMX or AVX512-BF16"):
            choose("cpu", "bf16")


def test_environment_lists_what_does_not_work(machine, landslides):
    import json

    machine(["cuda"], faults={"cuda": "driver too old: 1.0"})
    facts = json.loads(landslides("environment", "--json").out)
    assert {"name": "cuda", "usable": False, "note": "driver too old: 1.0"} in facts["devices"]
    assert facts["device"] == "cpu"


def test_compiled_models_that_were_used_longest_ago_are_deleted(tmp_path):
    for age, name in enumerate(("new", "used", "old", "oldest")):
        (tmp_path / f"{name}.blob").write_bytes(bytes(100))
        os.utime(tmp_path / f"{name}.blob", (1e9 - age, 1e9 - age))
    os.utime(tmp_path / "old.blob", (2e9, 1e9))  # read again since
    (tmp_path / "else.txt").write_bytes(bytes(1000))
    remove_oldest(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["else.txt", "new.blob", "old.blob"]
