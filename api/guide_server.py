"""The guide for Neo4j Browser, served on loopback while somebody reads it.

Browser takes a guide from an address alone, and of all hosts it trusts `localhost` unless its server says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote


class GuideServer:
    """Serves the guide and the style, which are no secrets, to any page; a context manager."""

    def __init__(self) -> None:
        from graph.server import browser

        texts: dict[str, Callable[[], str]] = {
            f"/{browser.GUIDE}": lambda: browser.guide(f"{self._url}/{browser.STYLE}"),
            f"/{browser.STYLE}": browser.style,
        }

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                text = texts.get(self.path)
                self._answer(200 if text else 404, text().encode() if text else b"")

            def do_OPTIONS(self) -> None:
                self._answer(204, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Access-Control-Allow-Headers", "*")
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._url = f"http://localhost:{self._server.server_port}"
        self.guide_url = f"{self._url}/{browser.GUIDE}"

    def __enter__(self) -> GuideServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def beside(self, browser_url: str) -> str:
        """The address that opens Browser with the guide."""
        return f"{browser_url}?cmd=guide&arg={quote(self.guide_url, safe='')}"

    def serve(self) -> None:
        """Answers until it is interrupted."""
        self._server.serve_forever()
