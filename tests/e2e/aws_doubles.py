"""Doubles of the AWS services and CI services that credentials come from."""
import http.server
import json
import re
import threading
import urllib.parse

from support import TEMPORARY_KEY, TEMPORARY_SECRET, SESSION_TOKEN

STS_SPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
FOREVER = "2100-01-01T00:00:00Z"


class HttpDouble:
    """Answers with `respond(method, path, headers, body) -> (status, content type, text)`."""

    def __init__(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def serve(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, kind, text = double.respond(self.command, self.path, headers, body)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = serve

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Sts(HttpDouble):
    """AssumeRole, AssumeRoleWithWebIdentity and GetCallerIdentity; principals are known by the access key that signed."""

    def __init__(self, session_token=SESSION_TOKEN):
        self.forms = []
        self.session_token = session_token
        super().__init__()

    def respond(self, method, path, headers, body):
        form = dict(urllib.parse.parse_qsl(body))
        signer = re.search(r"Credential=([A-Z0-9]+)/", headers.get("authorization", ""))
        form["signed_by"] = signer[1] if signer else ""
        self.forms.append(form)
        action = form["Action"]
        if action.startswith("AssumeRole"):
            return 200, "text/xml", (
                f"<{action}Response {STS_SPACE}><{action}Result><Credentials><AccessKeyId>{TEMPORARY_KEY}</AccessKeyId>"
                f"<SecretAccessKey>{TEMPORARY_SECRET}</SecretAccessKey><SessionToken>{self.session_token}</SessionToken>"
                f"<Expiration>{FOREVER}</Expiration></Credentials></{action}Result></{action}Response>")
        return 200, "text/xml", (
            f"<GetCallerIdentityResponse {STS_SPACE}><GetCallerIdentityResult><Arn>arn:of:{form['signed_by']}</Arn>"
            "<UserId>u</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")


ROLE_CREDENTIALS = {"AccessKeyId": TEMPORARY_KEY, "SecretAccessKey": TEMPORARY_SECRET, "Token": SESSION_TOKEN,
                    "Expiration": FOREVER}


class InstanceMetadata(HttpDouble):
    """IMDSv2: nothing without its token."""

    def respond(self, method, path, headers, body):
        if method == "PUT" and path == "/latest/api/token":
            return 200, "text/plain", "imds-token"
        if headers.get("x-aws-ec2-metadata-token") != "imds-token":
            return 401, "text/plain", ""
        folder = "/latest/meta-data/iam/security-credentials/"
        if path == folder:
            return 200, "text/plain", "instance-role"
        if path == folder + "instance-role":
            return 200, "application/json", json.dumps({"Code": "Success", "Type": "AWS-HMAC", **ROLE_CREDENTIALS})
        return 404, "text/plain", ""


class ContainerEndpoint(HttpDouble):
    """The container's endpoint; with a token, for who sends it alone."""

    def __init__(self, token=None):
        self.token = token
        super().__init__()

    def respond(self, method, path, headers, body):
        if headers.get("authorization") != self.token:
            return 401, "application/json", "{}"
        return 200, "application/json", json.dumps(ROLE_CREDENTIALS)


class TokenIssuer(HttpDouble):
    """GitHub's endpoint for OIDC tokens: another token each time."""

    def __init__(self):
        self.asked = []
        super().__init__()

    def respond(self, method, path, headers, body):
        self.asked.append(path)
        if headers.get("authorization") != "bearer request-token":
            return 401, "application/json", "{}"
        return 200, "application/json", json.dumps({"value": f"oidc-{len(self.asked)}"})
