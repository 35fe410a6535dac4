"""Doubles of the other providers: they keep what they are sent, check how it is signed, and answer with one text."""
import base64
import http.server
import json
import struct
import threading
import urllib.parse
import zlib

import botocore.auth
import botocore.awsrequest
import botocore.credentials

TEXT = "Hi from the double."
EVENTS = [
    {"type": "message_start", "message": {"id": "msg_d", "type": "message", "role": "assistant", "model": "m", "content": [],
                                          "usage": {"input_tokens": 3, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": TEXT}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
    {"type": "message_stop"},
]
MESSAGE = {"id": "msg_d", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": TEXT}],
           "stop_reason": "end_turn", "usage": {"input_tokens": 3, "output_tokens": 5}}


def frame(headers, payload):
    """A message of application/vnd.amazon.eventstream."""
    head = b"".join(bytes([len(n)]) + n.encode() + b"\x07" + struct.pack(">H", len(v)) + v.encode() for n, v in headers.items())
    start = struct.pack(">II", 16 + len(head) + len(payload), len(head))
    start += struct.pack(">I", zlib.crc32(start))
    return start + head + payload + struct.pack(">I", zlib.crc32(start + head + payload))


def bedrock_stream(events):
    headers = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}
    return b"".join(frame(headers, json.dumps({"bytes": base64.b64encode(json.dumps(e).encode()).decode(), "p": "abcd"}).encode())
                    for e in events)


def exception(name, message):
    return frame({":exception-type": name, ":content-type": "application/json", ":message-type": "exception"},
                 json.dumps({"message": message}).encode())


def verify_sigv4(method, url, headers, body, secrets, service):
    """The reason why the signature does not hold, or None. Computed anew by AWS's own library."""
    given = headers.get("authorization", "")
    if not given.startswith("AWS4-HMAC-SHA256 "):
        return "no signature"
    fields = dict(part.strip().split("=", 1) for part in given.split(" ", 1)[1].split(","))
    key, date, region, signed_service, _ = fields["Credential"].split("/")
    if signed_service != service:
        return f"signed for {signed_service}"
    credentials = botocore.credentials.Credentials(key, secrets[key], headers.get("x-amz-security-token"))
    signer = botocore.auth.SigV4Auth(credentials, service, region)
    request = botocore.awsrequest.AWSRequest(method=method, url=url, data=body)
    for name in fields["SignedHeaders"].split(";"):
        request.headers[name] = headers[name]
    request.context["timestamp"] = headers["x-amz-date"]
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    return None if signer.signature(to_sign, request) == fields["Signature"] else f"another signature for {to_sign!r}"


class Double:
    """Answers POST requests by `answer(request) -> (status, headers, body)`; one that may be replaced."""

    def __init__(self, answer):
        self.requests = []
        self.answer = answer
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                request = {"path": self.path, "headers": {n.lower(): v for n, v in self.headers.items()}, "body": body,
                           "url": double.url + self.path, "json": json.loads(body)}
                double.requests.append(request)
                status, headers, answer = double.answer(request)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

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


def bedrock(secrets):
    """Bedrock's runtime: the two ways to invoke a model, for whoever signs for the service bedrock or has a bearer token."""
    def answer(request):
        headers = {"x-amzn-requestid": "8a5e7f4e-0000-4000-8000-000000000000"}
        parts = request["path"].split("/")
        allowed = request["headers"].get("authorization", "").startswith("Bearer ")
        why = None if allowed else verify_sigv4("POST", request["url"], request["headers"], request["body"], secrets, "bedrock")
        if why:
            return 403, headers, json.dumps({"message": f"SignatureDoesNotMatch: {why}"}).encode()
        if parts[1] != "model" or request["json"].get("anthropic_version") != "bedrock-2023-05-31" or "model" in request["json"]:
            return 400, headers, json.dumps({"message": "ValidationException: not a request to invoke a model"}).encode()
        request["model"] = urllib.parse.unquote(parts[2])
        if parts[3] == "invoke":
            return 200, {**headers, "content-type": "application/json"}, json.dumps(MESSAGE).encode()
        return 200, {**headers, "content-type": "application/vnd.amazon.eventstream"}, bedrock_stream(EVENTS)
    return Double(answer)


def foundry():
    """Foundry: the Messages API, for whoever has a key or a token."""
    def answer(request):
        headers = request["headers"]
        if "x-api-key" not in headers and not headers.get("authorization", "").startswith("Bearer "):
            return 401, {}, json.dumps({"error": {"type": "authentication_error", "message": "no key"}}).encode()
        stream = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in EVENTS).encode()
        return 200, {"content-type": "text/event-stream"}, stream
    return Double(answer)
