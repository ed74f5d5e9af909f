"""Stands in for the engine: acts out the scene named by FAKE_ENGINE_ACT. Python's standard library only.

FAKE_ENGINE_RECORD names a file for its arguments, one JSON list a line; FAKE_ENGINE_POLYGONS a GeoPackage to give out,
FAKE_ENGINE_KEEP_LABELS where to copy the labels it gets.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path


def emit(**event):
    print(json.dumps(event), flush=True)


def announce():
    """Tell the test that the engine runs, and under which process id."""
    emit(event="log", message=f"pid {os.getpid()}")
    emit(event="progress", done=0.25, eta_s=125.0)


def option(name):
    """The value of an option, None without it."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


def record():
    """Note the arguments."""
    with Path(os.environ["FAKE_ENGINE_RECORD"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(sys.argv[1:]) + "\n")


def work():
    record()
    emit(event="progress", done=0.5, eta_s=3720.0)
    emit(event="log", message="a message")
    emit(event="warning", message="a warning")
    globals().get(sys.argv[1], detect)()


def detect():
    polygons = os.environ.get("FAKE_ENGINE_POLYGONS")
    if polygons:
        shutil.copy(polygons, option("--polygons"))
    emit(event="result", engine_version="9.9", model="taken", threshold=0.5, area_m2=1234.5, share=0.25, landslides=7)


def sample():
    emit(event="result", engine_version="9.9")


def environment():
    print(
        json.dumps(
            {
                "version": "9.9",
                "device": "cpu",
                "precision": "bf16",
                "reason": "AMX <tiles>",
                "packages": {"torch": None},
                "models": ["a", "b"],
                "devices": [{"name": "cpu", "usable": True, "note": "2 cores"}],
            },
            indent=1,
        )
    )


def train():
    """Write a model that is better than the one before, twice."""
    kept = os.environ.get("FAKE_ENGINE_KEEP_LABELS")
    if kept:
        shutil.copy(option("--labels"), kept)
    folder = Path(option("--output"))
    folder.mkdir(parents=True, exist_ok=True)
    for step, value in [(60, 0.4), (120, 0.625)]:
        card = {"name": folder.name, "detector": sys.argv[2], "landslides:resolution": [0.5, 2]}
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
        emit(event="score", step=step, epoch=step // 60, name="IoU", value=value, best=value)
    (folder / "report.html").write_text("<p>report</p>", encoding="utf-8")
    emit(event="result", model=folder.name, folder=str(folder), threshold=0.5, f1=0.75, iou=0.625, base_f1=0.5)


def evaluate():
    if option("--report"):
        Path(option("--report")).write_text("<p>report</p>", encoding="utf-8")
    emit(
        event="result", accuracy=0.9, precision=0.8, recall=0.7, f1=0.75, iou=0.6, iou_background=0.95, mean_iou=0.775,
        specificity=0.98, false_alarm_share=0.02, true_positives=700, false_positives=175, false_negatives=300,
        true_negatives=8825, auroc=None, average_precision=None, ece=None, brier=0.0625, threshold=0.5,
        landslides_true=9, landslides_found=6, landslides_missed=3, false_alarms=2, landslides_found_iou30=5,
        landslides_missed_iou30=4, false_alarms_iou30=3, landslides_found_iou50=1, landslides_missed_iou50=8,
        false_alarms_iou50=7, f1_colour_index=0.5, auroc_colour_index=0.625, report=option("--report"),
    )  # fmt: skip


def compare():
    emit(
        event="result", patches_model="taken", patches_accuracy=0.9, patches_accuracy_colour_index=0.8, patches_f1=0.6,
        patches_precision=0.5, patches_recall=0.75, segmentation_mean_iou=0.81, segmentation_mean_iou_colour_index=0.5,
        segmentation_false_alarm_share=0.03, anomaly_mean_iou=0.7, report=option("--report"),
    )  # fmt: skip


def train_for_ever():
    """Train until somebody ends it, which is after a model was written."""
    record()
    train()
    run_for_ever()


def trickle():
    """One byte at a time, so that lines, and the letters in them, come in pieces."""
    line = json.dumps({"event": "log", "message": "Éboulement 崩"}, ensure_ascii=False) + "\r\n"
    for byte in line.encode():
        os.write(1, bytes([byte]))
    os.write(1, b'{"event": "result", "last": "line without an end"}')


def flood():
    """More than any pipe holds, on both streams."""
    for number in range(20000):
        print(f"out {number} {'x' * 100}")
        print(f"err {number} {'y' * 100}", file=sys.stderr)
    emit(event="result")


def fail_clearly():
    emit(event="error", message="scene.tif: has one band,\nthe model needs 3")
    sys.exit(1)


def fail_silently():
    print("Traceback (most recent call last):\nImportError: no module named numpy", file=sys.stderr)
    sys.exit(3)


def crash():
    print("about to run out of memory", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def end_as_cancelled():
    sys.exit(130)


def run_for_ever():
    announce()
    while True:
        signal.pause()


def ignore_termination():
    if option("--mask"):
        mask = Path(option("--mask"))
        mask.with_name(f".{mask.stem}.host.{os.getpid()}.0.partial.tif").write_bytes(b"")
        mask.with_name(f".{mask.stem}.host.{os.getpid()}.1.partial").mkdir()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    run_for_ever()


def show_environment():
    emit(event="result", environment=dict(os.environ), stdin=sys.stdin.read())


globals()[os.environ.get("FAKE_ENGINE_ACT", "work")]()
