"""A small MCP server over standard input and output, with tools that misbehave on wish."""
import json
import os
import sys
import time

TOOLS = {"echo": {"text": {"type": "string"}}, "crash": {}, "grow": {}, "flood": {}, "noise": {}, "slow": {}, "ask": {},
         "pid": {}, "union": None}
UNION = {"type": "object", "oneOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]},
                                     {"properties": {"b": {"type": "string"}}, "required": ["b"]}]}


def log(message):
    if os.environ.get("LOG"):
        with open(os.environ["LOG"], "a", encoding="utf-8") as file:
            file.write(json.dumps(message) + "\n")


def send(message):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def tools():
    return [{"name": name, "description": "the tool " + name,
             "inputSchema": UNION if schema is None else {"type": "object", "properties": schema}}
            for name, schema in TOOLS.items()]


def call(name, arguments):
    if name == "crash":
        print("I am done", file=sys.stderr)
        sys.exit(3)
    if name == "grow":
        TOOLS["grown"] = {}
        send({"method": "notifications/tools/list_changed"})
    if name == "flood":  # a line that never ends
        for _ in range(80):
            sys.stdout.write("x" * (1 << 20))
        sys.stdout.flush()
    if name == "noise":
        for _ in range(64):
            sys.stderr.write("n" * (1 << 20) + "\n")
    if name == "slow":
        time.sleep(60)
    if name == "ask":
        send({"id": "q1", "method": "elicitation/create",
              "params": {"message": "Name?", "requestedSchema": {"type": "object", "properties": {"name": {"type": "string"}}}}})
        answer = json.loads(sys.stdin.readline())
        return [{"type": "text", "text": "told " + json.dumps(answer.get("result"), sort_keys=True)}]
    if name == "pid":
        return [{"type": "text", "text": str(os.getpid())}]
    return [{"type": "text", "text": f"{name} {arguments.get('text', '')}"}]


def serve(message):
    method, params = message.get("method"), message.get("params") or {}
    if method == "initialize":
        return {"protocolVersion": params["protocolVersion"], "serverInfo": {"name": "test", "version": "1"},
                "instructions": os.environ.get("INSTRUCTIONS", ""),
                "capabilities": {"tools": {"listChanged": True}, "prompts": {}, "resources": {}}}
    if method == "tools/list":
        return {"tools": tools()}
    if method == "tools/call":
        if params["name"] == "approve":
            return {"content": [{"type": "text", "text": os.environ["VERDICT"]}]}
        return {"content": call(params["name"], params.get("arguments") or {})}
    if method == "prompts/list":
        return {"prompts": [{"name": "greet", "description": "greets", "arguments": [{"name": "who"}, {"name": "how"}]}]}
    if method == "prompts/get":
        return {"messages": [{"role": "user", "content": {"type": "text", "text": "GREET " + json.dumps(params["arguments"])}}]}
    if method == "resources/list":
        return {"resources": [{"uri": "test://doc", "name": "doc"}]}
    if method == "resources/read":
        return {"contents": [{"uri": params["uri"], "text": "BODY of " + params["uri"]}]}
    return {}


if os.environ.get("VERDICT"):
    TOOLS["approve"] = {"tool_name": {"type": "string"}, "input": {"type": "object"}, "tool_use_id": {"type": "string"}}
for line in sys.stdin:
    received = json.loads(line)
    log(received)
    if "id" in received and "method" in received:
        send({"id": received["id"], "result": serve(received)})
