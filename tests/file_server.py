"""A file server on this machine that can be slow, break connections off, and know nothing of ranges."""

from __future__ import annotations

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class FileServer:
    """Serves the files of a folder from its making to ``close()``.

    Attributes:
        folder: what is served.
        address: http://127.0.0.1:PORT
        asked: file and Range of each request.
        break_after: bytes after which the next connections break off, one number for each.
        knows_ranges: whether Range requests are answered as such.
        bytes_per_second: how fast it sends; 0 is at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str]] = []
        self.break_after: list[int] = []
        self.knows_ranges = True
        self.bytes_per_second = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._listening.server_port}"
        threading.Thread(target=self._listening.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown()
        self._listening.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name, wanted = request.path.lstrip("/"), request.headers.get("Range", "")
        self.asked.append((name, wanted))
        if not (self.folder / name).is_file():
            request.send_error(404)
            return
        content = (self.folder / name).read_bytes()
        start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) if wanted and self.knows_ranges else 0
        if start and start >= len(content):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        length = self.break_after.pop(0) if self.break_after else len(content)
        self._send(request.wfile, content[start : start + length])

    def _send(self, stream: Any, content: bytes) -> None:
        step = self.bytes_per_second // 20 or len(content) or 1
        try:
            for first in range(0, len(content), step):
                stream.write(content[first : first + step])
                stream.flush()
                if self.bytes_per_second:
                    time.sleep(1 / 20)
        except ConnectionError:
            pass  # the other side has had enough

    def ranges(self, name: str) -> list[str]:
        """The Range of each request for a file."""
        return [wanted for file, wanted in self.asked if file == name]
