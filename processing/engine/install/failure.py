"""Why a set-up failed: pip's output boiled down to one line that names the culprit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...i18n import tr


class SetupError(Exception):
    """The set-up failed; the message is one line that says why and what to do."""


class DiskFullError(SetupError):
    """There is no room left; what is half made had better go."""


# What the tools and the systems under them say. The first match counts, so the narrow come before the broad.
_DISK = r"No space left on device|Errno 28|Errno 122|Disk quota exceeded|WinError 112|not enough space on the disk"
_LOGIN = r"407 Proxy|Proxy Authentication Required|Tunnel connection failed: 407|\b407 (?:Client )?Error"
_PROXY = r"ProxyError|Cannot connect to proxy|Unable to connect to proxy|Tunnel connection failed|SOCKS"
_CERTIFICATE = r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|SSLError|certificate verify failed"
_NETWORK = (
    r"Max retries exceeded|Retry\(total=0|NewConnectionError|ConnectTimeoutError|ReadTimeout|IncompleteRead|"
    r"Connection (?:refused|reset|aborted|timed out)|Connection broken|getaddrinfo failed|"
    r"Name or service not known|Temporary failure in name resolution|incomplete-download"
)
_RIGHTS = r"401 (?:Client )?Error|403 (?:Client )?Error|HTTP error 40[13]|407 Proxy"
_IN_USE = r"WinError (?:5|32)\b|Permission denied|Errno 13"
_DLL = r"DLL load failed|WinError 1114|WinError 126|WinError 127"
_TRIED_AGAIN = re.compile(r"Retry\(total=[1-9]")
_NO_MATCH = re.compile(r"No matching distribution found for (\S+)")


def explain(output: Sequence[str], origin: str, proxy: str, folder: str) -> SetupError:
    """Return the error to raise for a tool's output.

    Args:
        output: its lines, oldest first.
        origin: where packages were to come from, in words.
        proxy: the proxy in use, without its password; empty for none.
        folder: the engine's.
    """
    # Hitches that were overcome are no reason.
    text = "\n".join(line for line in output if not _TRIED_AGAIN.search(line))
    if re.search(_DISK, text, re.IGNORECASE):
        return DiskFullError(tr("The disk is full: there was no room left in {}.").format(folder))
    if re.search(_LOGIN, text) and proxy:
        return SetupError(
            tr("The proxy {} asks for a user name and a password; see QGIS's network options.").format(proxy)
        )
    if re.search(_PROXY, text):
        return SetupError(
            tr("The proxy {} does not answer or refuses; see QGIS's network options.").format(proxy or "?")
        )
    if re.search(_CERTIFICATE, text):
        return SetupError(
            tr(
                "{} shows a certificate that is not trusted. Where a proxy puts in its own, name it by PIP_CERT."
            ).format(origin)
        )
    if re.search(_RIGHTS, text):
        return SetupError(tr("{} refuses access; check the address, user name and password.").format(origin))
    if re.search(_NETWORK, text):
        return SetupError(tr("No connection to {}. Check the network, the proxy and the address.").format(origin))
    missing = _NO_MATCH.search(text)
    if missing:
        return SetupError(
            tr("{origin} has no {package} that fits this Python and system.").format(
                origin=origin, package=missing.group(1)
            )
        )
    if re.search(_DLL, text):
        return SetupError(
            tr(
                "A library of the engine cannot be loaded. "
                "Install Microsoft's Visual C++ Redistributable (x64), then repair."
            )
        )
    if re.search(_IN_USE, text):
        return SetupError(
            tr("A file of the engine in {} is in use or protected. End what runs, then try again.").format(folder)
        )
    return SetupError(tr("The set-up failed: {}").format(_last_words(output)))


def _last_words(output: Sequence[str]) -> str:
    spoken = [line.strip() for line in output if line.strip() and not line.startswith("$ ")]
    errors = [line for line in spoken if line.startswith("ERROR:") or re.match(r"\w*Error\b", line)]
    return (errors or spoken or [tr("no reason was given")])[-1]
