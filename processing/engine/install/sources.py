"""Where packages come from, and by which way: index or folder of wheels, proxy, and PyTorch's index for this GPU."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from ...i18n import tr
from .. import settings
from .process import ask

# PyTorch keeps a wheel index for each version of CUDA; PyPI has one kind of wheel for each system.
TORCH_WHEELS = "https://download.pytorch.org/whl/"
CPU = "cpu"
# The oldest CUDA version of a driver that an index's wheels run with, newest first.
_CUDA_INDEXES = (((13, 0), "cu130"), ((12, 8), "cu128"), ((12, 6), "cu126"), ((11, 8), "cu118"))
# Wheels for CUDA 12.8 and later left out the GPUs before Turing; those before 12.8 do not know Blackwell.
_TURING = 7.5
_BLACKWELL = 10.0


@dataclass(frozen=True)
class Gpu:
    """What the NVIDIA driver says.

    Attributes:
        name: of the first GPU.
        cuda: newest CUDA version the driver runs, major and minor.
        capability: compute capability of the GPU; None from drivers that do not tell.
    """

    name: str
    cuda: tuple[int, int]
    capability: float | None = None


@dataclass(frozen=True)
class Sources:
    """Where packages come from.

    Attributes:
        index_url: an index instead of pip's own choice; empty for that.
        torch_index_url: the index of PyTorch's wheels; empty for the same as the others.
        wheels: a folder of wheels instead of any network; empty for none.
        proxy: what pip is to go through, with user name and password; empty to leave it to the environment.
        no_proxy: hosts to reach without it.
    """

    index_url: str = ""
    torch_index_url: str = ""
    wheels: str = ""
    proxy: str = field(default="", repr=False)
    no_proxy: tuple[str, ...] = ()

    @property
    def has_cuda(self) -> bool:
        """Whether PyTorch comes with the libraries of CUDA, as far as can be told beforehand."""
        if self.wheels:
            return any(Path(self.wheels).glob("nvidia_*.whl"))
        if self.torch_index_url:
            return not self.torch_index_url.rstrip("/").endswith(f"/{CPU}")
        # The ordinary index has them in the wheels for Linux only.
        return sys.platform.startswith("linux")

    def pip_options(self, torch: bool = False) -> list[str]:
        """Return the options of `pip install`, for all packages or for those of PyTorch's index."""
        if self.wheels:
            return ["--no-index", "--find-links", self.wheels]
        index = self._index(torch)
        return ["--index-url", index] if index else []

    def environment(self) -> dict[str, str]:
        """Return the environment variables that carry the proxy: on a command line its password could be read."""
        if not self.proxy:
            return {}
        variables = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.proxy)
        if self.no_proxy:
            variables.update(dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(self.no_proxy)))
        return variables

    def with_torch_for(self, gpu: Gpu | None) -> Sources:
        """Return these sources with PyTorch's index for this GPU, unless they already say where to get it."""
        if self.wheels or self.index_url or self.torch_index_url:
            # Who names an index of his own cannot reach others, or is not to.
            return self
        return replace(self, torch_index_url=torch_index_for(gpu))

    def in_words(self, torch: bool = False) -> str:
        """Say where packages come from, without any password."""
        if self.wheels:
            return tr("the folder {}").format(self.wheels)
        index = self._index(torch)
        return without_password(index) if index else tr("the package index")

    def _index(self, torch: bool) -> str:
        return (torch and self.torch_index_url) or self.index_url

    def proxy_in_words(self) -> str:
        """Say which proxy is used, without any password; empty for none."""
        return without_password(self.proxy)


def sources_from_settings() -> Sources:
    """Return what the settings and QGIS's network options say. To be called in the main thread."""
    index = settings.INDEX_URL.value()
    proxy = _proxy_of_qgis(index or TORCH_WHEELS) if settings.QGIS_PROXY.is_on() else ""
    no_proxy = _hosts(QgsNetworkAccessManager.instance()) if proxy else ()
    return Sources(index, settings.TORCH_INDEX_URL.value(), settings.WHEELS.value(), proxy, no_proxy)


def find_gpu(environment: Mapping[str, str]) -> Gpu | None:
    """Ask the NVIDIA driver what it can do; None where there is none."""
    program = shutil.which("nvidia-smi", path=environment.get("PATH"))
    if program is None:
        return None
    return read_gpu(
        ask([program], environment) or "",
        ask([program, "--query-gpu=name,compute_cap", "--format=csv,noheader"], environment) or "",
    )


def read_gpu(table: str, query: str) -> Gpu | None:
    """Read what `nvidia-smi` prints, plain and asked for name and compute capability."""
    cuda = re.search(r"CUDA (?:UMD )?Version:\s*(\d+)\.(\d+)", table)
    if cuda is None:
        return None
    name, _, capability = (query.splitlines() or [""])[0].rpartition(",")
    try:
        known = float(capability)
    except ValueError:
        name, known = "", None
    return Gpu(name.strip() or "NVIDIA GPU", (int(cuda.group(1)), int(cuda.group(2))), known)


def torch_index_name(gpu: Gpu | None) -> str:
    """Return the name of PyTorch's wheel index for a GPU; `cpu` where none of them would run on it."""
    if gpu is None:
        return CPU
    for oldest, name in _CUDA_INDEXES:
        if gpu.cuda < oldest:
            continue
        too_old = gpu.capability is not None and gpu.capability < _TURING and oldest >= (12, 8)
        too_new = gpu.capability is not None and gpu.capability >= _BLACKWELL and oldest < (12, 8)
        if not too_old and not too_new:
            return name
    return CPU


def torch_index_for(gpu: Gpu | None) -> str:
    """Return the address of PyTorch's wheel index; empty on macOS, whose wheels are on the ordinary index."""
    return "" if sys.platform == "darwin" else TORCH_WHEELS + torch_index_name(gpu)


def without_password(url: str) -> str:
    """Return a URL without user name and password."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _proxy_of_qgis(destination: str) -> str:
    """Return the proxy of QGIS's network options as a URL; empty if none is set there."""
    manager = QgsNetworkAccessManager.instance()
    if manager.useSystemProxy():
        (proxy, *_others) = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(destination)))
        # The environment pip inherits says the same, and its exceptions besides.
        if any(os.environ.get(name) for name in ("https_proxy", "HTTPS_PROXY")):
            return ""
    else:
        proxy = manager.fallbackProxy()
    return proxy_url(proxy)


def proxy_url(proxy: QNetworkProxy) -> str:
    """Return Qt's description of a proxy as a URL; empty for none."""
    kinds = QNetworkProxy.ProxyType
    schemes = {
        kinds.HttpProxy: "http",
        kinds.HttpCachingProxy: "http",
        kinds.Socks5Proxy: "socks5h",
    }
    scheme = schemes.get(proxy.type())
    if scheme is None or not proxy.hostName():
        return ""
    user = quote(proxy.user(), safe="")
    if proxy.password():
        user += ":" + quote(proxy.password(), safe="")
    port = f":{proxy.port()}" if proxy.port() else ""
    return f"{scheme}://{user}{'@' if user else ''}{proxy.hostName()}{port}"


def _hosts(manager: QgsNetworkAccessManager) -> tuple[str, ...]:
    """Return the hosts QGIS reaches without the proxy; it keeps addresses, pip takes hosts."""
    addresses = [*manager.excludeList(), *manager.noProxyList()]
    hosts = (urlsplit(entry if "//" in entry else f"//{entry}").hostname for entry in addresses)
    return tuple(sorted({host for host in hosts if host}))
