"""``landslides train`` as it is started: what it tells, alone and as several processes, and what it refuses."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND
from landslide_detector.models.cli import train as train_command
from landslide_detector.models.cli.progress import Reporter
from landslide_detector.models.library.card import read_card
from landslide_detector.models.library.shelf import check_files
from training_scenes import FEW, write_labelled_scene


class TestCommand:
    def run(self, *arguments, command=COMMAND):
        done = subprocess.run(
            [*command, "train", *map(str, arguments), "--progress", "json"], capture_output=True, text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        return done, [json.loads(line) for line in done.stdout.splitlines()]

    def test_trains_and_tells_what_it_reached(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        options = ["--image", scene, "--labels", labels, "--output", tmp_path / "model", "--name", "my model", *FEW]
        done, events = self.run("segmentation", *options, "--description", "for a test", "--licence", "CC-BY-4.0")
        assert done.returncode == 0, done.stderr
        assert events[-1]["event"] == "result"
        assert (events[-1]["model"], events[-1]["folder"]) == ("my model", str(tmp_path / "model"))
        assert {"f1", "iou", "threshold", "report"} <= set(events[-1])
        (score,) = (event for event in events if event["event"] == "score")
        assert (score["step"], score["name"]) == (1, "IoU")
        card = read_card(tmp_path / "model")
        assert (card.description, card.fields["license"]) == ("for a test", "CC-BY-4.0")

    def test_of_processes_that_train_together_one_tells_and_writes(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        together = ["--device", "cpu", "--devices", "2"]
        options = ["--image", scene, "--labels", labels, "--output", tmp_path / "model", *FEW, *together]
        # The first starts the others by the name it was started with.
        done, events = self.run("segmentation", *options, command=[Path(sys.executable).with_name("landslides")])
        assert done.returncode == 0, done.stderr
        assert "MEMBER: 2/2" in done.stderr
        assert [event["event"] for event in events].count("result") == 1
        check_files(read_card(tmp_path / "model"))

    def test_of_two_machines_the_first_tells_and_writes(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        options = ["--image", scene, "--labels", labels, "--output", tmp_path / "model", *FEW, "--device", "cpu"]
        command = [*COMMAND, "train", "segmentation", *map(str, options), "--nodes", "2", "--progress", "json"]
        told = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
        machines = [
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env={**os.environ, **told, "NODE_RANK": str(number)},
            )
            for number in range(2)
        ]  # fmt: skip
        (first, _), (second, complaints) = (machine.communicate() for machine in machines)
        assert [machine.returncode for machine in machines] == [0, 0], complaints
        assert [json.loads(line)["event"] for line in first.splitlines()].count("result") == 1
        assert "Training" not in second + complaints
        check_files(read_card(tmp_path / "model"))

    @pytest.mark.parametrize(
        ("told", "speaks"),
        [
            ({}, True),
            ({"LOCAL_RANK": "1"}, False),
            ({"NODE_RANK": "0", "LOCAL_RANK": "0"}, True),
            ({"NODE_RANK": "1"}, False),
            ({"NODE_RANK": "1", "LOCAL_RANK": "0", "RANK": "4"}, False),
            ({"SLURM_PROCID": "3"}, False),
            ({"SLURM_PROCID": "0", "LOCAL_RANK": "1"}, False),
        ],
    )
    def test_first_of_all_processes_speaks(self, landslides, monkeypatch, tmp_path, told, speaks):
        for name in ("RANK", "NODE_RANK", "LOCAL_RANK", "SLURM_PROCID"):
            monkeypatch.delenv(name, raising=False)
        for name, number in told.items():
            monkeypatch.setenv(name, number)
        made = []
        monkeypatch.setattr(train_command, "make_reporter", lambda kind: made.append(kind) or Reporter())
        landslides("train", "anomaly", "--image", tmp_path / "gone.tif", "--output", tmp_path / "m", "--devices", "2")
        assert made == (["auto"] if speaks else [])

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["patches"], "give either --image (with --labels) or --chips"),
            (["patches", "--chips", "c"], "give their metres a pixel with --resolution"),
            (["patches", "--image", "s.tif"], "patches learns from labels: give --labels"),
            (["anomaly", "--image", "s.tif", "--steps", "1", "--minutes", "1"], "give one of --epochs"),
            (["anomaly", "--image", "s.tif", "--window", "50"], "--window 50: a multiple of 32"),
            (
                ["patches", "--image", "a", "--labels", "b", "--device", "cuda:1", "--devices", "2"],
                "--device cuda:1 is one device",
            ),
            (["patches", "--image", "a", "--labels", "b", "--labels", "c"], "--labels given 2 times for 1 images"),
        ],
    )
    def test_wrong_usage(self, landslides, tmp_path, options, says):
        answer = landslides("train", *options, "--output", tmp_path / "m")
        assert answer.code == 2
        assert says in answer.err

    def test_missing_chips_are_one_line(self, landslides, tmp_path):
        answer = landslides(
            "train", "patches", "--chips", tmp_path / "gone", "--output", tmp_path / "m", "--resolution", "1", "2",
            "--progress", "none",
        )  # fmt: skip
        assert answer.code == 1
        assert answer.error == f"Error: {tmp_path / 'gone'}: no images/NAME.* found, this is not a chip folder"

    def test_labels_beside_the_image_are_one_line(self, landslides, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, labels_at=(900_000, 0))
        answer = landslides(
            "train", "segmentation", "--image", scene, "--labels", labels, "--output", tmp_path / "m", *FEW,
            "--progress", "none",
        )  # fmt: skip
        assert (answer.code, answer.error) == (1, f"Error: {labels}: no polygon lies on {scene}")

    def test_nothing_to_resume_is_one_line(self, landslides, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        answer = landslides(
            "train", "segmentation", "--image", scene, "--labels", labels, "--output", tmp_path / "m", *FEW, "--resume",
            "--progress", "none",
        )  # fmt: skip
        assert answer.code == 1
        assert "no checkpoint to resume from; train without --resume" in answer.err
