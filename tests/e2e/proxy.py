"""A reverse proxy in this process: forwards unchanged, as some companies' gateways do, and keeps what it saw."""
import http.client
import http.server
import threading


class _Handler(http.server.BaseHTTPRequestHandler):
    disable_nagle_algorithm = True

    def do_POST(self):
        proxy = self.server.owner
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        proxy.seen.append({"path": self.path, "host": self.headers["host"], "body": body})
        if proxy.redirects:
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{proxy.upstream_port}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = self.path
        if not path.startswith("/"):  # a forward proxy is given whole URLs
            path = "/" + path.split("/", 3)[3]
        path = path.removeprefix(proxy.prefix)
        upstream = http.client.HTTPConnection("127.0.0.1", proxy.upstream_port, timeout=60)
        try:
            upstream.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("host", "connection"):
                    upstream.putheader(name, value)
            upstream.putheader("Host", proxy.host or self.headers["host"])
            upstream.endheaders(body)
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while part := answer.read1(proxy.piece_bytes):
                self.wfile.write(part)
        finally:
            upstream.close()
            self.close_connection = True

    def log_message(self, *_):
        pass


class ReverseProxy:
    """Takes `prefix` off the path and, when `host` is given, sends that in place of its own host name.

    Answers go back in pieces of at most `piece_bytes`, each in a write of its own. With `redirects` the client is sent on
    to the upstream instead.
    """

    def __init__(self, test, upstream_port, prefix="", host=None, piece_bytes=65536, redirects=False):
        self.piece_bytes, self.redirects = piece_bytes, redirects
        self.upstream_port, self.prefix, self.host = upstream_port, prefix, host
        self.seen = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.owner = self
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        test.addCleanup(thread.join, 10)
        test.addCleanup(self._server.server_close)
        test.addCleanup(self._server.shutdown)
        self.authority = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.authority}{prefix}"
