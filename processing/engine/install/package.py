"""The plugin as a package that pip can install: a wheel of a few hundred bytes that points at the plugin's folder.

The engine's code is the plugin's, and runs from where it lies. So the two are never of different versions, nothing has
to be built, and a plugin update needs pip only when the engine's dependencies have changed.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

_INIT = '''"""The engine's code is the plugin's."""

__path__ = [{folder!r}]
'''
_WHEEL = "Wheel-Version: 1.0\nGenerator: landslide-detector\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Package:
    """What `pyproject.toml` says of the engine.

    Attributes:
        folder: of the plugin.
        name: for pip.
        version: of the plugin.
        dependencies: what detecting on a CPU needs.
        torch: what training, and detecting on a GPU, needs besides.
        entry_point: `module:function` of the program `landslides`.
    """

    folder: Path
    name: str
    version: str
    dependencies: tuple[str, ...]
    torch: tuple[str, ...]
    entry_point: str

    @property
    def module(self) -> str:
        """Name to import it by."""
        return self.name.replace("-", "_")

    @property
    def fingerprint(self) -> str:
        """Changes when an installed engine has to be brought up to date."""
        facts = repr((str(self.folder), self.version, self.dependencies, self.torch, self.entry_point))
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    def torch_only(self) -> list[str]:
        """Return the requirements that PyTorch's own index has, in wheels for one kind of GPU each."""
        return [wanted for wanted in self.torch if re.match(r"(torch|torchvision)\b(?![-_.])", wanted)]


def read_package(plugin: Path) -> Package:
    """Read the plugin's `pyproject.toml`.

    Python 3.9 has no TOML reader; of the few entries needed here each is also a Python literal.

    Raises:
        OSError: there is none.
        ValueError: an entry is missing or written in another way.
    """
    path = plugin / "pyproject.toml"
    text = path.read_text(encoding="utf-8")

    def entry(name: str) -> object:
        found = re.search(rf"^{name} = (\[.*?\]$|\".*?\"$)", text, re.MULTILINE | re.DOTALL)
        if found is None:
            raise ValueError(f"{path} has no {name}")
        return ast.literal_eval(found.group(1))

    return Package(
        folder=plugin,
        name=str(entry("name")),
        version=str(entry("version")),
        dependencies=tuple(entry("dependencies")),
        torch=tuple(entry("torch")),
        entry_point=str(entry("landslides")),
    )


def write_wheel(package: Package, folder: Path) -> Path:
    """Write the wheel into `folder` and return its path."""
    name = package.module
    information = f"{name}-{package.version}.dist-info"
    requirements = [
        *(f"Requires-Dist: {wanted}" for wanted in package.dependencies),
        "Provides-Extra: torch",
        *(f'Requires-Dist: {wanted} ; extra == "torch"' for wanted in package.torch),
    ]
    metadata = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n" + "\n".join(requirements)
    files = {
        f"{name}/__init__.py": _INIT.format(folder=str(package.folder)),
        f"{information}/METADATA": metadata + "\n",
        f"{information}/WHEEL": _WHEEL,
        f"{information}/entry_points.txt": f"[console_scripts]\nlandslides = {package.entry_point}\n",
    }
    record = f"{information}/RECORD"
    path = folder / f"{name}-{package.version}-py3-none-any.whl"
    with ZipFile(path, "w") as wheel:
        for inside, text in files.items():
            wheel.writestr(inside, text)
        wheel.writestr(record, "".join(_record(inside, text) for inside, text in files.items()) + f"{record},,\n")
    return path


def _record(inside: str, text: str) -> str:
    content = text.encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{inside},sha256={digest},{len(content)}\n"
