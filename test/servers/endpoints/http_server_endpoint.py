"""What Python's own http.server makes of a request. It answers in HTTP/1.0 and closes each connection."""
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from record import keep, parsed


class Handler(BaseHTTPRequestHandler):
    protocol_version = sys.argv[1]
    timeout = 1

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > 100_000:
            # As many do: the answer goes out while the body is still on its way.
            self.close_connection = True
            self.answer(413, b"too large")
            return
        body = self.rfile.read(length)
        kind = self.headers.get("Content-Type", "")
        is_form = "form" in kind
        keep(
            id=self.headers.get("Webhook-Id", ""),
            method=self.command,
            query=dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)),
            form=dict(parse_qsl(body.decode(), keep_blank_values=True)) if is_form else {},
            apiKey=self.headers.get("X-Api-Key"),
            port=self.client_address[1],
            **parsed(kind, body),
        )
        self.answer(200, b"ok")

    do_POST = do_GET

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["ENDPOINT_PORT"])), Handler).serve_forever()
