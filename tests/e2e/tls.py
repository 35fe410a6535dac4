"""Certificates and servers for TLS on loopback: a front that ends TLS, and a proxy that opens tunnels."""
import base64
import os
import socket
import ssl
import subprocess
import threading


def _openssl(*arguments, **options):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


class Authority:
    """A CA of its own in `folder`."""

    def __init__(self, folder, name="Test CA"):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        self.certificate, self._key = os.path.join(folder, "ca.pem"), os.path.join(folder, "ca.key")
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                 f"/CN={name}", "-keyout", self._key, "-out", self.certificate, "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign")

    def issue(self, name, extension, days="2"):
        """Paths of a certificate and its key."""
        base = os.path.join(self.folder, name)
        with open(base + ".ext", "w", encoding="utf-8") as file:
            file.write("basicConstraints=CA:FALSE\n" + extension)
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                 "-keyout", base + ".key", "-out", base + ".csr")
        _openssl("x509", "-req", "-in", base + ".csr", "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
                 "-days", days, "-extfile", base + ".ext", "-out", base + ".pem")
        return base + ".pem", base + ".key"

    def server(self, name="server"):
        return self.issue(name, "subjectAltName=DNS:localhost,DNS:platform.example,IP:127.0.0.1\n")

    def client(self, name="client"):
        return self.issue(name, "extendedKeyUsage=clientAuth\n")


def encrypt_key(key, passphrase):
    path = key + ".encrypted"
    _openssl("pkcs8", "-topk8", "-v2", "aes256", "-in", key, "-passout", "pass:" + passphrase, "-out", path)
    return path


def _pump(source, target):
    try:
        while part := source.recv(65536):
            target.sendall(part)
    except (OSError, ValueError):
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except (OSError, ValueError):
            pass
        end.close()


def _join(one, other):
    threading.Thread(target=_pump, args=(one, other), daemon=True).start()
    _pump(other, one)


def _drain(connection):
    """Closes once the other side has: a close with bytes unread resets the connection, and takes with it what was sent last."""
    try:
        connection.settimeout(10)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    except OSError:
        pass
    finally:
        connection.close()


class _Server:
    def __init__(self, test):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        test.addCleanup(self._listener.close)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_quietly, args=(connection,), daemon=True).start()

    def _serve_quietly(self, connection):
        try:
            self.serve(connection)
        except (OSError, ValueError):
            connection.close()


class TlsFront(_Server):
    """Ends TLS and hands the bytes to `upstream_port`. With `client_ca` a certificate of that CA is demanded."""

    def __init__(self, test, certificate, upstream_port, client_ca=None):
        self._certificate, self._upstream_port = certificate, upstream_port
        self.client_ca = client_ca
        self.clients, self._open = [], []
        super().__init__(test)
        self.url = f"https://localhost:{self.port}"

    def serve(self, connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._certificate)
        if self.client_ca:
            context.load_verify_locations(self.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        held = connection.dup()
        try:
            secure = context.wrap_socket(connection, server_side=True)
        except (OSError, ValueError):
            _drain(held)  # the alert says why
            raise
        held.close()
        peer = secure.getpeercert() or {}
        self.clients.append(dict(pair[0] for pair in peer.get("subject", ())).get("commonName"))
        upstream = socket.create_connection(("127.0.0.1", self._upstream_port))
        self._open.append(secure)
        _join(secure, upstream)

    def drop_connections(self):
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class TunnelProxy(_Server):
    """Opens each tunnel to `target_port`, whatever host is asked for; `credentials` ("user:password") may be demanded."""

    def __init__(self, test, target_port, credentials=None, status=None):
        self._target_port, self._credentials, self._status = target_port, credentials, status
        self.heads = []
        super().__init__(test)

    def url(self, credentials=""):
        return f"http://{credentials}127.0.0.1:{self.port}"

    def serve(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(65536)
            if not part:
                return
            head += part
        self.heads.append(head.decode("latin-1"))
        answer = self._status
        if self._credentials:
            wanted = "Basic " + base64.b64encode(self._credentials.encode()).decode()
            if f"Proxy-Authorization: {wanted}\r\n" not in self.heads[-1]:
                answer = '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"'
        if answer:
            connection.sendall(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())
            connection.close()
            return
        target = socket.create_connection(("127.0.0.1", self._target_port))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        _join(connection, target)
