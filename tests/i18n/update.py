"""Bring the translation files up to date with the code: `update.py LANGUAGE...`, as `make i18n` does.

Collects the texts that the plugin gives to its function `tr`, writes them into
`processing/translations/landslide_detector_LANGUAGE.ts` beside the translations that are there already, and compiles
these with Qt's `lrelease`. Qt's own collectors (`lupdate`, `pylupdate5`) know a translation's context from the class a
text stands in; here all texts have one.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "processing" / "translations"
CONTEXT = "LandslideDetector"
SOURCES = ("plugin.py", "processing/**/*.py", "ui/**/*.py")


class UntranslatableError(Exception):
    """A text that is put together before it is translated; the message says where."""


def collect() -> dict[str, list[str]]:
    """Return the texts in the order of the code, each with the files it stands in.

    Raises:
        UntranslatableError: `tr` is given something else than a literal.
    """
    texts: dict[str, list[str]] = {}
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        name = path.relative_to(ROOT).as_posix()
        for text in _texts_of(path, name):
            files = texts.setdefault(text, [])
            if name not in files:
                files.append(name)
    return texts


def _texts_of(path: Path, name: str) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr"]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        argument = call.args[0] if len(call.args) == 1 else None
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise UntranslatableError(f"{name}, line {call.lineno}: tr() takes one literal text")
        yield argument.value


def read(path: Path) -> dict[str, str]:
    """Return the translations in a .ts file by their texts; those that are empty are left out."""
    if not path.exists():
        return {}
    messages = ET.parse(path).getroot().iter("message")
    found = {message.findtext("source", ""): message.findtext("translation", "") for message in messages}
    return {text: translation for text, translation in found.items() if translation}


def write(path: Path, language: str, texts: dict[str, list[str]], translations: dict[str, str]) -> int:
    """Write a .ts file; return how many texts have no translation yet."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text, files in texts.items():
        message = ET.SubElement(context, "message")
        for name in files:
            ET.SubElement(message, "location", filename=f"../../{name}")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        translation.text = translations.get(text)
        if text not in translations:
            translation.set("type", "unfinished")
    ET.indent(root, " ")
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + ET.tostring(root, encoding="unicode") + "\n",
        encoding="utf-8",
    )
    return len(set(texts) - set(translations))


def main(languages: list[str]) -> None:
    """Update and compile the files of these languages."""
    lrelease = shutil.which("lrelease") or shutil.which("lrelease-qt5") or shutil.which("lrelease6")
    if lrelease is None:
        sys.exit("lrelease is missing: install Qt's linguist tools (Debian: qttools5-dev-tools)")
    FOLDER.mkdir(exist_ok=True)
    texts = collect()
    for language in languages:
        path = FOLDER / f"landslide_detector_{language}.ts"
        missing = write(path, language, texts, read(path))
        subprocess.run([lrelease, "-silent", path, "-qm", path.with_suffix(".qm")], check=True)
        print(f"{path.relative_to(ROOT)}: {len(texts)} texts, {missing} without translation")


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or ["ja"])
    except UntranslatableError as error:
        sys.exit(str(error))
