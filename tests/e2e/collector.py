"""A collector of telemetry on loopback that reads OTLP as JSON and as protobuf, by the numbers of the published schema."""
import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STRING, BYTES, BOOL, INT, DOUBLE, FIXED, MESSAGE = range(7)

VALUE = {1: ("stringValue", STRING), 2: ("boolValue", BOOL), 3: ("intValue", INT), 4: ("doubleValue", DOUBLE)}
PAIR = {1: ("key", STRING), 2: ("value", MESSAGE, VALUE)}
RESOURCE = {1: ("attributes*", MESSAGE, PAIR)}
SCOPE = {1: ("name", STRING), 2: ("version", STRING)}
RECORD = {1: ("timeUnixNano", FIXED), 2: ("severityNumber", INT), 3: ("severityText", STRING), 5: ("body", MESSAGE, VALUE),
          6: ("attributes*", MESSAGE, PAIR), 9: ("traceId", BYTES), 10: ("spanId", BYTES), 11: ("observedTimeUnixNano", FIXED)}
POINT = {2: ("startTimeUnixNano", FIXED), 3: ("timeUnixNano", FIXED), 4: ("asDouble", DOUBLE), 6: ("asInt", FIXED),
         7: ("attributes*", MESSAGE, PAIR)}
SUM = {1: ("dataPoints*", MESSAGE, POINT), 2: ("aggregationTemporality", INT), 3: ("isMonotonic", BOOL)}
METRIC = {1: ("name", STRING), 3: ("unit", STRING), 7: ("sum", MESSAGE, SUM)}
STATUS = {2: ("message", STRING), 3: ("code", INT)}
SPAN = {1: ("traceId", BYTES), 2: ("spanId", BYTES), 4: ("parentSpanId", BYTES), 5: ("name", STRING), 6: ("kind", INT),
        7: ("startTimeUnixNano", FIXED), 8: ("endTimeUnixNano", FIXED), 9: ("attributes*", MESSAGE, PAIR), 15: ("status", MESSAGE, STATUS)}


def request(resources, scopes, items, item):
    group = {1: ("scope", MESSAGE, SCOPE), 2: (items + "*", MESSAGE, item)}
    return {1: (resources + "*", MESSAGE, {1: ("resource", MESSAGE, RESOURCE), 2: (scopes + "*", MESSAGE, group)})}


SCHEMAS = {"/v1/logs": request("resourceLogs", "scopeLogs", "logRecords", RECORD),
           "/v1/metrics": request("resourceMetrics", "scopeMetrics", "metrics", METRIC),
           "/v1/traces": request("resourceSpans", "scopeSpans", "spans", SPAN)}


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def decode(data, schema):
    """A message as the JSON mapping has it; a field that the schema does not know is a failure."""
    message, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        number, wire = tag >> 3, tag & 7
        name, kind, *inner = schema[number]
        if wire == 0:
            raw, at = varint(data, at)
        elif wire == 1:
            raw, at = data[at:at + 8], at + 8
        elif wire == 2:
            size, at = varint(data, at)
            raw, at = data[at:at + size], at + size
        else:
            raise ValueError(f"wire type {wire}")
        value = {STRING: lambda: raw.decode(), BYTES: lambda: raw.hex(), BOOL: lambda: raw == 1, INT: lambda: raw,
                 DOUBLE: lambda: struct.unpack("<d", raw)[0], FIXED: lambda: str(struct.unpack("<q", raw)[0]),
                 MESSAGE: lambda: decode(raw, inner[0])}[kind]()
        if name == "intValue":
            value = str(value - (1 << 64) if value >= 1 << 63 else value)
        if name.endswith("*"):
            message.setdefault(name[:-1], []).append(value)
        else:
            message[name] = value
    return message


def plain(attributes):
    """{key: value} of a list of attributes."""
    values = {}
    for pair in attributes or []:
        (kind, value), = pair["value"].items()
        values[pair["key"]] = int(value) if kind == "intValue" else value
    return values


class Collector:
    def __init__(self, status=200):
        self.requests = []  # (path, headers, body as JSON)
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["Content-Type"] == "application/json":
                    told = json.loads(body)
                else:
                    told = decode(body, SCHEMAS[self.path])
                with outer.lock:
                    outer.requests.append((self.path, dict(self.headers), told))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def items(self, path, resources, scopes, items):
        with self.lock:
            return [item for at, _, told in self.requests if at == path
                    for resource in told[resources] for scope in resource[scopes] for item in scope[items]]

    def events(self, name=None):
        records = self.items("/v1/logs", "resourceLogs", "scopeLogs", "logRecords")
        told = [plain(record["attributes"]) for record in records]
        return [event for event in told if name in (None, event["event.name"])]

    def points(self, name):
        """[(attributes, value)] of a metric."""
        metrics = self.items("/v1/metrics", "resourceMetrics", "scopeMetrics", "metrics")
        return [(plain(point.get("attributes")), float(point.get("asDouble", point.get("asInt", 0))))
                for metric in metrics if metric["name"] == name for point in metric["sum"]["dataPoints"]]

    def spans(self):
        return self.items("/v1/traces", "resourceSpans", "scopeSpans", "spans")
