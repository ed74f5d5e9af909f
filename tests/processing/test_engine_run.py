"""The engine as a child process: what it says is heard, and it always comes to an end."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import threading
import time

import pytest
from landslide_detector.processing.engine import Engine, EngineError, find_engine, process, run_engine, tree
from landslide_detector.processing.engine.environment import engine_environment
from processing_support import RememberingFeedback
from qgis.PyQt.QtCore import QTimer


class Notifying(RememberingFeedback):
    """Says when the engine is at work."""

    def __init__(self) -> None:
        super().__init__()
        self.is_at_work = threading.Event()

    def on_progress(self, percent):
        super().on_progress(percent)
        self.is_at_work.set()

    @property
    def process_id(self) -> int:
        return next(int(info[4:]) for info in self.infos if info.startswith("pid "))


def run(arguments=("detect",), feedback=None):
    return run_engine(find_engine(), list(arguments), feedback or RememberingFeedback())


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def in_thread(feedback):
    """Start the engine in a worker thread, wait until it works, and return the thread and its outcome to be."""
    outcome = {}
    worker = threading.Thread(target=lambda: outcome.update(output=run(feedback=feedback)), daemon=True)
    worker.start()
    assert feedback.is_at_work.wait(30)
    return worker, outcome


def test_progress_messages_and_result_are_relayed(fake_engine):
    feedback = RememberingFeedback()
    output = run(feedback=feedback)
    assert feedback.progress == [50]
    assert "a message" in feedback.infos
    assert feedback.warnings == ["a warning"]
    assert "50 % done, about 1 h 2 min left" in feedback.infos
    (result,) = output.results
    assert (result["area_m2"], result["share"], result["landslides"]) == (1234.5, 0.25, 7)
    assert not output.cancelled


def test_lines_and_letters_that_arrive_in_pieces_are_put_together(fake_engine):
    fake_engine.act("trickle")
    feedback = RememberingFeedback()
    output = run(feedback=feedback)
    assert "Éboulement 崩" in feedback.infos
    assert output.results[0]["last"] == "line without an end"


def test_much_output_on_both_streams_blocks_nothing(fake_engine):
    fake_engine.act("flood")
    feedback = RememberingFeedback()
    output = run(feedback=feedback)
    assert len(output.text.splitlines()) == 20000
    assert len(feedback.console) == 20000
    assert len(output.results) == 1


def test_an_error_of_the_engine_is_one_line(fake_engine):
    fake_engine.act("fail_clearly")
    with pytest.raises(EngineError) as raised:
        run()
    assert str(raised.value) == "scene.tif: has one band, the model needs 3"


def test_a_failure_without_words_is_told_with_exit_code_and_last_lines(fake_engine):
    fake_engine.act("fail_silently")
    with pytest.raises(EngineError) as raised:
        run()
    message = str(raised.value)
    assert "exit code 3" in message
    assert "ImportError: no module named numpy" in message
    assert "\n" not in message


def test_a_killed_engine_is_told_as_such(fake_engine):
    fake_engine.act("crash")
    with pytest.raises(EngineError) as raised:
        run()
    message = str(raised.value)
    assert "crashed or was killed (code 9)" in message
    assert "about to run out of memory" in message
    assert "\n" not in message


def test_exit_code_130_is_a_cancel_from_outside_and_no_success(fake_engine):
    fake_engine.act("end_as_cancelled")
    with pytest.raises(EngineError, match="cancelled from outside"):
        run()


def test_a_program_that_cannot_be_started_is_named(tmp_path):
    program = tmp_path / "landslides"
    program.write_text("no program")
    with pytest.raises(EngineError, match=re.escape(str(program))):
        run_engine(Engine(program, "a test"), ["detect"], RememberingFeedback())


@pytest.mark.parametrize("act", ["run_for_ever", "ignore_termination"])
def test_cancel_from_another_thread_ends_the_engine_within_two_seconds(fake_engine, act):
    fake_engine.act(act)
    feedback = Notifying()
    worker, outcome = in_thread(feedback)
    assert is_running(feedback.process_id)
    started = time.monotonic()
    feedback.cancel()
    worker.join(10)
    assert time.monotonic() - started < 2
    assert outcome["output"].cancelled
    assert outcome["output"].results == []
    assert not is_running(feedback.process_id)


def test_what_a_killed_engine_was_writing_is_deleted_and_nothing_else(fake_engine, tmp_path):
    fake_engine.act("ignore_termination")
    others = tmp_path / ".mask.host.1.0.partial.tif"
    others.write_bytes(b"")
    seen = []

    class Cancelling(RememberingFeedback):
        def on_progress(self, percent):
            seen.extend(tmp_path.glob(".*partial*"))
            self.cancel()

    run(["detect", "segmentation", "--mask", str(tmp_path / "mask.tif")], Cancelling())
    assert len(seen) == 3
    assert list(tmp_path.glob(".*partial*")) == [others]


def test_on_windows_the_engine_behind_its_launcher_is_killed_too(monkeypatch):
    class Launcher:
        def processId(self):
            return 4711

        def kill(self):
            pass

        def waitForFinished(self, _milliseconds):
            return True

    said = b"ERFOLGREICH: Prozess mit PID 4712 (untergeordnet PID 4711) wurde beendet.\r\n"
    asked = []

    def run(command, **_options):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, said, b"")

    monkeypatch.setattr(tree.subprocess, "run", run)
    monkeypatch.setattr(process.os, "name", "nt")
    killed = process._kill(Launcher())
    monkeypatch.undo()
    assert killed == {4711, 4712}
    assert asked[0][1:] == ["/T", "/F", "/PID", "4711"]


def test_in_the_main_thread_the_window_stays_alive_and_cancel_works(fake_engine):
    fake_engine.act("run_for_ever")
    feedback = Notifying()
    ticks = []

    def tick():
        ticks.append(time.monotonic())
        if len(ticks) == 20:
            feedback.cancel()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(10)
    output = run(feedback=feedback)
    timer.stop()
    assert len(ticks) >= 20
    assert output.cancelled
    assert not is_running(feedback.process_id)


def test_a_run_cancelled_before_it_began_leaves_nothing_running(fake_engine):
    fake_engine.act("run_for_ever")
    feedback = RememberingFeedback()
    feedback.cancel()
    assert run(feedback=feedback).cancelled


def test_an_error_in_the_feedback_leaves_nothing_running(fake_engine):
    class Broken(Notifying):
        def setProgress(self, percent):
            raise RuntimeError("the dialog is gone")

    fake_engine.act("run_for_ever")
    feedback = Broken()
    with pytest.raises(RuntimeError, match="the dialog is gone"):
        run(feedback=feedback)
    assert not is_running(feedback.process_id)


def test_arguments_with_spaces_quotes_and_other_scripts_arrive_unchanged(fake_engine):
    arguments = ["détecter", "a b", "地滑り.tif", 'it\'s "quoted"', "$HOME", ""]
    run(arguments)
    assert fake_engine.arguments == arguments


def test_the_command_in_the_log_can_be_pasted_into_a_shell(fake_engine):
    feedback = RememberingFeedback()
    run(["detect", "a scene.tif", "$HOME"], feedback)
    assert shlex.split(feedback.commands[0]) == [str(fake_engine.program), "detect", "a scene.tif", "$HOME"]


def test_the_engine_does_not_inherit_the_python_and_libraries_of_qgis(fake_engine, monkeypatch):
    for name in ("PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "GDAL_DRIVER_PATH"):
        monkeypatch.setenv(name, "/of/qgis")
    monkeypatch.setenv("AWS_REGION", "of the user")
    fake_engine.act("show_environment")
    (result,) = run().results
    assert not {"PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "GDAL_DRIVER_PATH"} & set(result["environment"])
    assert result["environment"]["AWS_REGION"] == "of the user"
    assert result["stdin"] == ""


def test_where_the_python_of_qgis_lies_is_not_inherited():
    # Not through a real child: the stand-in's own shell and Python would break before it could tell.
    inherited = {"PYTHONHOME": "C:\\QGIS\\apps\\Python312", "OSGEO4W_ROOT": "C:\\QGIS", "HOME": "/home/a"}
    inherited["__PYVENV_LAUNCHER__"] = "/qgis"
    assert engine_environment(inherited, "/usr") == {"HOME": "/home/a", "PYTHONUTF8": "1"}


def test_search_paths_lose_the_folders_of_a_bundled_qgis_only():
    inherited = {"PATH": "/opt/qgis/bin:/usr/bin:/opt/qgis-tools", "LD_LIBRARY_PATH": "/opt/qgis/lib:/opt/cuda/lib"}
    cleaned = engine_environment(inherited, "/opt/qgis")
    assert cleaned["PATH"] == "/usr/bin:/opt/qgis-tools"
    assert cleaned["LD_LIBRARY_PATH"] == "/opt/cuda/lib"


def test_search_paths_keep_the_folders_a_system_wide_qgis_shares():
    inherited = {"PATH": "/usr/local/bin:/usr/bin"}
    assert engine_environment(inherited, "/usr")["PATH"] == "/usr/local/bin:/usr/bin"
