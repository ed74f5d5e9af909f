"""Stands in for the engine: acts out the scene named by FAKE_ENGINE_ACT. Python's standard library only.

FAKE_ENGINE_RECORD names a file for its arguments, one JSON list a line; FAKE_ENGINE_POLYGONS a GeoPackage to give out.
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


def work():
    with Path(os.environ["FAKE_ENGINE_RECORD"]).open("a", encoding="utf-8") as record:
        record.write(json.dumps(sys.argv[1:]) + "\n")
    if sys.argv[1] == "environment":
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
        return
    polygons = os.environ.get("FAKE_ENGINE_POLYGONS")
    if polygons:
        shutil.copy(polygons, sys.argv[sys.argv.index("--polygons") + 1])
    emit(event="progress", done=0.5, eta_s=3720.0)
    emit(event="log", message="a message")
    emit(event="warning", message="a warning")
    emit(event="result", engine_version="9.9", model="taken", threshold=0.5, area_m2=1234.5, share=0.25, landslides=7)


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
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    run_for_ever()


def show_environment():
    emit(event="result", environment=dict(os.environ), stdin=sys.stdin.read())


globals()[os.environ.get("FAKE_ENGINE_ACT", "work")]()
