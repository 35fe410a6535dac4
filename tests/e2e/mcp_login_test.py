"""Signing in to MCP servers over HTTP (OAuth), against a double that is server and authorization server in one."""
import base64
import hashlib
import http.server
import json
import os
import stat
import threading
import unittest
import urllib.parse

from support import E2eCase, call, result_text, sent_results, steps, wait_until

BROWSER = "curl --silent --location --output /dev/null %s"


class Double(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.token, self.refresh = "made-up-access-token-1", "made-up-refresh-token-1"
        self.forms, self.challenges, self.state_suffix, self.issuer = [], {}, "", None
        self.takes_refresh = True
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", **headers):
        data = json.dumps(body).encode() if not isinstance(body, bytes) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/.well-known/oauth-protected-resource/mcp":
            return self.reply(200, {"resource": self.server.url + "/mcp", "authorization_servers": [self.server.url]})
        if path == "/.well-known/oauth-authorization-server":
            return self.reply(200, {"issuer": self.server.issuer or self.server.url,
                                    "authorization_endpoint": self.server.url + "/authorize",
                                    "token_endpoint": self.server.url + "/token",
                                    "registration_endpoint": self.server.url + "/register",
                                    "code_challenge_methods_supported": ["S256"]})
        if path == "/authorize":
            asked = dict(urllib.parse.parse_qsl(query))
            self.server.challenges["code-1"] = asked["code_challenge"]
            answer = {"code": "code-1", "state": asked["state"] + self.server.state_suffix, "iss": self.server.url}
            return self.reply(302, location=asked["redirect_uri"] + "?" + urllib.parse.urlencode(answer))
        return self.reply(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/register":
            return self.reply(201, {"client_id": "client-1", "token_endpoint_auth_method": "none"})
        if self.path == "/token":
            return self.give_token(dict(urllib.parse.parse_qsl(body.decode())))
        if self.headers.get("authorization") != "Bearer " + self.server.token:
            return self.reply(401, www_authenticate="Bearer")
        message = json.loads(body)
        if "id" not in message:
            return self.reply(202)
        results = {"initialize": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                                  "serverInfo": {"name": "double", "version": "1"}},
                   "tools/list": {"tools": [{"name": "look", "inputSchema": {"type": "object"}}]},
                   "tools/call": {"content": [{"type": "text", "text": "seen"}]}}
        return self.reply(200, {"jsonrpc": "2.0", "id": message["id"], "result": results.get(message["method"], {})})

    def give_token(self, form):
        server = self.server
        server.forms.append(form)
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            proven = base64.urlsafe_b64encode(digest).decode().rstrip("=") == server.challenges.get(form["code"])
        else:
            proven = server.takes_refresh and form["refresh_token"] == server.refresh
        if not proven:
            return self.reply(400, {"error": "invalid_grant", "error_description": "not that one"})
        return self.reply(200, {"access_token": server.token, "refresh_token": server.refresh, "expires_in": 3600})


class McpLogin(E2eCase):
    def setUp(self):
        super().setUp()
        self.double = Double()
        self.addCleanup(self.double.server_close)
        self.addCleanup(self.double.shutdown)
        self.assertEqual(self.awl("add", "--transport", "http", "far", self.double.url + "/mcp").code, 0)

    def awl(self, *words):
        return self.run_awl("mcp", *words, env=self.env(BROWSER=BROWSER))

    def log_in(self):
        run = self.awl("login", "far")
        self.assertEqual(run.code, 0, run)
        self.assertIn("You are signed in to far", run.out)
        return run

    def use(self):
        emulator = self.start_emulator(steps([call("mcp__far__look")], "Done."))
        run = self.ask(emulator.url, "--allowedTools", "mcp__far", MCP_CONNECTION_NONBLOCKING="0")
        said = [result_text(b) for r in emulator.requests() for b in sent_results(r)]
        return run, said

    def test_a_login_is_kept_and_used(self):
        self.assertIn("awl mcp login far", self.awl("list").out)
        run = self.log_in()
        self.assertIn(self.double.url + "/authorize?", run.err)
        self.assertEqual(self.use()[1], ["seen"])
        self.assertEqual(self.double.forms[0]["resource"], self.double.url + "/mcp")
        kept = os.path.join(self.home, ".local/state/awl/mcp-logins.json")
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o600)
        self.assertIn("connected", self.awl("list").out)
        self.awl("logout", "far")
        with open(kept, encoding="utf-8") as file:
            self.assertNotIn("made-up", file.read())
        self.assertIn("needs-auth", self.awl("list").out)

    def test_a_token_that_the_server_refuses_is_renewed(self):
        self.log_in()
        self.double.token = "made-up-access-token-2"
        self.assertEqual(self.use()[1], ["seen"])
        self.assertEqual([f["grant_type"] for f in self.double.forms], ["authorization_code", "refresh_token"])

    def test_what_cannot_be_renewed_asks_for_a_login(self):
        self.log_in()
        self.double.token, self.double.takes_refresh = "made-up-access-token-2", False
        run, said = self.use()
        self.assertNotIn("seen", said)
        self.assert_no_tokens(run)
        self.assertIn("awl mcp login far", self.awl("list").out)

    def test_an_answer_to_another_question_is_not_taken(self):
        self.double.state_suffix = "x"
        started = self.start("mcp", "login", "far", env=self.env(BROWSER=BROWSER + " || true"))
        wait_until(lambda: self.double.challenges, "the browser")
        self.assertIsNone(started.process.poll())
        started.process.terminate()
        self.assertNotEqual(started.end().code, 0)
        self.assertEqual(self.double.forms, [])

    def test_an_answer_of_another_issuer_is_not_taken(self):
        self.double.issuer = "https://other.example"
        run = self.awl("login", "far")
        self.assertEqual(run.code, 1, run)
        self.assertIn("not of https://other.example", run.err)
        self.assertEqual(self.double.forms, [])

    def test_bad_words_get_a_sentence(self):
        self.assertIn("there is no MCP server named x", self.awl("login", "x").err)
        self.assertEqual(self.awl("add", "near", "--", "true").code, 0)
        self.assertIn("wants no login", self.awl("login", "near").err)
        self.assertIn("takes the name of one", self.awl("login").err)

    def assert_no_tokens(self, run):
        self.assertNotIn("made-up-", run.out + run.err)


if __name__ == "__main__":
    unittest.main()
