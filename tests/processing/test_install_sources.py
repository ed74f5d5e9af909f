"""Where packages come from: settings, QGIS's proxy, and PyTorch's index for the GPU that is there."""

from __future__ import annotations

import pytest
from landslide_detector.processing.engine import settings
from landslide_detector.processing.engine.install import Gpu, Sources, sources, torch_index_name
from landslide_detector.processing.engine.install.sources import (
    proxy_url,
    read_gpu,
    sources_from_settings,
    torch_index_for,
    without_password,
)
from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtNetwork import QNetworkProxy

SMI = """
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 570.86.15              Driver Version: 570.86.15      CUDA Version: 12.8     |
|-----------------------------------------+------------------------+----------------------+
"""
HTTP = QNetworkProxy.ProxyType.HttpProxy


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for option in settings.OPTIONS:
        monkeypatch.delenv(option.variable, raising=False)
        option.store("")
    yield
    for option in settings.OPTIONS:
        option.store("")


@pytest.fixture
def network(qgis_app):
    """QGIS's network manager, which is put back afterwards."""
    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy(), manager.excludeList(), manager.noProxyList()
    yield manager
    manager.setFallbackProxyAndExcludes(*before)


@pytest.mark.parametrize(
    ("cuda", "capability", "index"),
    [
        ((13, 2), 8.9, "cu130"),
        ((12, 9), 8.9, "cu128"),
        ((12, 6), None, "cu126"),
        ((12, 2), 8.6, "cu118"),
        ((11, 4), 8.6, "cpu"),
        ((13, 0), 6.1, "cu126"),  # Pascal: newer wheels leave it out
        ((12, 6), 12.0, "cpu"),  # Blackwell: older wheels do not know it
    ],
)
def test_wheels_fit_driver_and_gpu(cuda, capability, index):
    assert torch_index_name(Gpu("a GPU", cuda, capability)) == index


def test_without_a_gpu_the_wheels_are_for_the_cpu():
    assert torch_index_name(None) == "cpu"
    assert torch_index_for(None).endswith("/whl/cpu")


def test_on_macos_pytorch_comes_from_the_ordinary_index(monkeypatch):
    monkeypatch.setattr(sources.sys, "platform", "darwin")
    assert torch_index_for(None) == ""


def test_what_the_driver_says_is_understood():
    assert read_gpu(SMI, "NVIDIA RTX A4000, 8.6\nQuadro P400, 6.1\n") == Gpu("NVIDIA RTX A4000", (12, 8), 8.6)
    # Old drivers refuse the query, those without a device print no table.
    assert read_gpu(SMI, 'Field "compute_cap" is not a valid field to query.') == Gpu("NVIDIA GPU", (12, 8), None)
    assert read_gpu("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "") is None


def test_an_index_of_ones_own_is_asked_for_pytorch_too():
    gpu = Gpu("a GPU", (13, 0), 8.9)
    assert Sources().with_torch_for(gpu).pip_options(torch=True)[1].endswith("/cu130")
    own = Sources(index_url="https://packages.example.org/simple").with_torch_for(gpu)
    assert own.pip_options(torch=True) == own.pip_options() == ["--index-url", "https://packages.example.org/simple"]
    both = Sources(index_url="https://a/simple", torch_index_url="https://b/whl").with_torch_for(gpu)
    assert both.pip_options(torch=True) == ["--index-url", "https://b/whl"]


def test_without_any_setting_pip_is_left_its_own_configuration():
    assert sources_from_settings().pip_options() == []
    assert sources_from_settings().environment() == {}


def test_settings_reach_pip_and_the_environment_wins(monkeypatch):
    settings.INDEX_URL.store("https://set.example.org/simple")
    settings.WHEELS.store("/media/stick")
    assert sources_from_settings().pip_options() == ["--no-index", "--find-links", "/media/stick"]
    monkeypatch.setenv("LANDSLIDES_WHEELS", "/srv/wheels")
    assert sources_from_settings().wheels == "/srv/wheels"
    monkeypatch.setenv("LANDSLIDES_INDEX_URL", "https://named.example.org/simple")
    assert sources_from_settings().index_url == "https://named.example.org/simple"


def test_the_proxy_of_qgis_reaches_pip_by_the_environment_only(network):
    proxy = QNetworkProxy(HTTP, "proxy.example.org", 8080, "anna@site", "s:cret")
    network.setFallbackProxyAndExcludes(proxy, ["https://intranet.example.org/x"], ["localhost"])
    found = sources_from_settings()
    assert found.environment()["HTTPS_PROXY"] == "http://anna%40site:s%3Acret@proxy.example.org:8080"
    assert found.environment()["NO_PROXY"] == "intranet.example.org,localhost"
    assert found.proxy_in_words() == "http://proxy.example.org:8080"
    assert "cret" not in " ".join([*found.pip_options(), found.in_words(), repr(found)])


def test_the_proxy_of_qgis_can_be_left_out(network):
    network.setFallbackProxyAndExcludes(QNetworkProxy(HTTP, "proxy.example.org", 8080), [], [])
    settings.QGIS_PROXY.store("0")
    assert sources_from_settings().environment() == {}


def test_kinds_of_proxies():
    kinds = QNetworkProxy.ProxyType
    assert proxy_url(QNetworkProxy(kinds.Socks5Proxy, "p", 1080)) == "socks5h://p:1080"
    assert proxy_url(QNetworkProxy(kinds.NoProxy)) == ""
    assert proxy_url(QNetworkProxy(HTTP)) == ""


def test_addresses_are_shown_without_password():
    assert without_password("https://anna:secret@host:8/simple") == "https://host:8/simple"
    assert without_password("https://host/simple") == "https://host/simple"


def test_a_setting_that_is_the_default_is_not_kept():
    settings.DEVICE.store("cuda")
    assert settings.DEVICE.value() == "cuda"
    settings.DEVICE.store("auto")
    assert settings.DEVICE.stored() == ""
    assert settings.DEVICE.value() == "auto"


def test_the_engine_learns_where_models_are_only_if_that_was_set(monkeypatch):
    assert settings.engine_variables() == {}
    settings.MODELS.store("/data/models")
    assert settings.engine_variables() == {"LANDSLIDES_MODELS": "/data/models"}


@pytest.mark.parametrize("no", ["0", "no", "False", "off"])
def test_no_is_said_in_several_ways(monkeypatch, no):
    monkeypatch.setenv("LANDSLIDES_QGIS_PROXY", no)
    assert not settings.QGIS_PROXY.is_on()
