"""Why a set-up failed: what the tools print, on all systems, boiled down to one line."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from install_support import RememberingReport
from landslide_detector.processing.engine.install import SetupCancelled, process
from landslide_detector.processing.engine.install.failure import DiskFullError, explain
from landslide_detector.processing.engine.install.process import run_tool
from landslide_detector.processing.engine.install.watch import PipWatch, Watch

RETRYING = "WARNING: Retrying (Retry(total={}, connect=None)) after connection broken by '{}': /simple/numpy/"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"], "disk is full"),
        (["OSError: [WinError 112] There is not enough space on the disk"], "disk is full"),
        (["OSError: [Errno 122] Disk quota exceeded"], "disk is full"),
        ([RETRYING.format(0, "ProxyError('Cannot connect to proxy.', OSError(111))")], "proxy http://p:1 does not"),
        (["('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Required'))"], "user name and a pass"),
        (["ERROR: 407 Client Error: authenticationrequired for url: https://x"], "user name and a pass"),
        (["  Downloading click-8.1.7.whl (407 kB)", "Connection reset by peer"], "No connection to an index"),
        ([RETRYING.format(0, "NewConnectionError(': [Errno 111] Connection refused')")], "No connection to an index"),
        (["socket.gaierror: [Errno 11001] getaddrinfo failed"], "No connection to an index"),
        (["ssl.SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED"], "certificate that is not trusted"),
        (["ERROR: 403 Client Error: Forbidden for url: https://x"], "refuses access"),
        (["ERROR: No matching distribution found for torch>=2.4"], "has no torch>=2.4 that fits"),
        (["PermissionError: [WinError 32] The process cannot access the file"], "in use or protected"),
        (["OSError: [WinError 1114] A dynamic link library (DLL) initialization routine failed"], "Visual C++"),
        (["$ python -m pip", "something odd", ""], "The set-up failed: something odd"),
        (["ERROR: the reason", "a note"], "The set-up failed: ERROR: the reason"),
        ([], "no reason was given"),
    ],
)
def test_message_is_one_line_that_names_the_culprit(output, words):
    message = str(explain(output, "an index", "http://p:1", "/engine"))
    assert words in message
    assert "\n" not in message


def test_a_hitch_that_was_overcome_is_not_the_reason():
    output = [RETRYING.format(2, "ReadTimeoutError"), "ERROR: No matching distribution found for numpy"]
    assert "has no numpy" in str(explain(output, "an index", "", "/engine"))


def test_a_full_disk_is_told_apart_for_what_has_to_be_cleared():
    assert isinstance(explain(["[Errno 28]"], "", "", "/engine"), DiskFullError)


def test_end_of_a_tool_is_the_end_of_all_it_started(tmp_path):
    children = tmp_path / "children"
    script = f"sleep 1000 & echo $! > {children}; sleep 1000"
    report = RememberingReport(lambda: children.exists() and children.read_text() != "")
    start = time.monotonic()
    with pytest.raises(SetupCancelled):
        run_tool(["/bin/sh", "-c", script], os.environ, Watch(report, (0, 1)))
    assert time.monotonic() - start < 2
    child = Path("/proc", children.read_text().strip())
    while child.exists() and "(zombie)" not in (child / "status").read_text():
        assert time.monotonic() - start < 2


def test_a_tool_tells_its_exit_code_and_its_output():
    report = RememberingReport()
    watch = Watch(report, (0, 1))
    assert run_tool([sys.executable, "-c", "print('é'); raise SystemExit(3)"], {"PYTHONUTF8": "1"}, watch) == 3
    assert list(watch.output)[1:] == ["é"]


def test_on_windows_the_tree_is_ended_by_the_system(monkeypatch):
    asked = []

    class Gone:
        pid = 4711

        def poll(self):
            return 0 if asked else None

    monkeypatch.setattr(process.os, "name", "nt")
    monkeypatch.setattr(process, "end_tree", asked.append)
    process._end_tree(Gone())
    assert asked == [4711]


def test_progress_follows_the_disk_and_never_goes_back(tmp_path):
    downloads, packages = tmp_path / "downloads", tmp_path / "packages"
    downloads.mkdir()
    packages.mkdir()
    report = RememberingReport()
    watch = PipWatch(report, (10, 60), downloads, packages, expected=2_000_000)
    watch.line("  Downloading openvino-2026.4.1-cp311-cp311-manylinux_2_28_x86_64.whl (59.1 MB)")
    (downloads / "openvino.whl").write_bytes(bytes(1_000_000))
    for _ in range(5):
        watch.tick()
    assert report.stages[-1] == "Downloading openvino (59.1 MB): 1 of about 2 MB"
    assert report.percents[-1] == pytest.approx(10 + 50 * 0.6 * 0.5)
    (downloads / "openvino.whl").unlink()
    assert not watch.has_begun_to_install
    watch.line("Installing collected packages: numpy, openvino")
    assert watch.has_begun_to_install
    (packages / "numpy-2.dist-info").mkdir()
    for _ in range(5):
        watch.tick()
    assert report.percents[-1] == pytest.approx(10 + 50 * (0.6 + 0.4 * 0.5))
    assert report.percents == sorted(report.percents)
