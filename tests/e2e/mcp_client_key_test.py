"""Clients that sign in to MCP servers with a private key (RFC 7523), against a double that verifies with openssl."""
import base64
import json
import os
import subprocess
import time
import unittest

import mcp_login_test
from support import E2eCase, call, result_text, sent_results, steps


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **options).stdout


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def der_of(raw):
    """An ECDSA signature as openssl reads it."""
    def number(value):
        written = value.lstrip(b"\0")
        written = b"\0" + written if not written or written[0] & 0x80 else written
        return b"\x02" + bytes([len(written)]) + written
    both = number(raw[:32]) + number(raw[32:])
    return b"\x30" + bytes([len(both)]) + both


class Handler(mcp_login_test.Handler):
    def do_GET(self):
        if self.path == "/.well-known/oauth-authorization-server":
            return self.reply(200, {"issuer": self.server.url, "token_endpoint": self.server.url + "/token",
                                    "authorization_endpoint": self.server.url + "/authorize",
                                    "code_challenge_methods_supported": ["S256"],
                                    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                                    "token_endpoint_auth_signing_alg_values_supported": self.server.algorithms})
        return super().do_GET()

    def give_token(self, form):
        server = self.server
        server.forms.append(form)
        head, claims, signature = form["client_assertion"].split(".")
        server.assertions.append((json.loads(decoded(head)), json.loads(decoded(claims))))
        raw = decoded(signature)
        path = os.path.join(server.folder, "signature")
        with open(path, "wb") as file:
            file.write(der_of(raw) if server.assertions[-1][0]["alg"] == "ES256" else raw)
        verified = subprocess.run(["openssl", "dgst", "-sha256", "-verify", server.public_key, "-signature", path],
                                  input=f"{head}.{claims}".encode(), capture_output=True)
        if verified.returncode != 0:
            return self.reply(401, {"error": "invalid_client", "error_description": "not that key"})
        return self.reply(200, {"access_token": server.token, "expires_in": 3600})


class McpClientKey(E2eCase):
    def setUp(self):
        super().setUp()
        self.double = mcp_login_test.Double()
        self.double.RequestHandlerClass = Handler
        self.double.folder, self.double.assertions = self.folder("double"), []
        self.double.algorithms = ["ES256", "RS256"]
        self.addCleanup(self.double.server_close)
        self.addCleanup(self.double.shutdown)

    def key(self, *arguments, name="client.pem"):
        path = os.path.join(self.home, name)
        openssl(arguments[0], "-out", path, *arguments[1:])
        self.double.public_key = os.path.join(self.home, "public.pem")
        openssl("pkey", "-in", path, "-pubout", "-out", self.double.public_key)
        return path

    def awl(self, *words):
        return self.run_awl("mcp", *words, env=self.env(KEYS=self.home, BROWSER=mcp_login_test.BROWSER))

    def configure(self, **oauth):
        server = {"type": "http", "url": self.double.url + "/mcp", "oauth": {"clientId": "machine-1", **oauth}}
        self.awl("remove", "far")
        self.assertEqual(self.awl("add-json", "far", json.dumps(server)).code, 0)

    def use(self):
        emulator = self.start_emulator(steps([call("mcp__far__look")], "Done."))
        self.ask(emulator.url, "--allowedTools", "mcp__far", MCP_CONNECTION_NONBLOCKING="0")
        return [result_text(b) for r in emulator.requests() for b in sent_results(r)]

    def test_a_machine_signs_in_with_its_key(self):
        for algorithm, arguments in (("ES256", ("ecparam", "-name", "prime256v1", "-genkey")),
                                     ("ES256", ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")),
                                     ("RS256", ("genrsa", "-traditional", "2048")),
                                     ("RS256", ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"))):
            with self.subTest(arguments):
                path = self.key(*arguments)
                self.configure(grant="client_credentials", privateKeyFile="${KEYS}/client.pem", keyId="key-7")
                run = self.awl("login", "far")
                self.assertEqual(run.code, 0, run)
                form, (head, claims) = self.double.forms[-1], self.double.assertions[-1]
                self.assertEqual(form["grant_type"], "client_credentials")
                self.assertEqual(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                self.assertNotIn("client_secret", form)
                self.assertEqual(head, {"alg": algorithm, "typ": "JWT", "kid": "key-7"})
                self.assertEqual((claims["iss"], claims["sub"], claims["aud"]), ("machine-1", "machine-1", self.double.url))
                self.assertLess(abs(claims["iat"] - time.time()), 120)
                self.assertEqual(claims["exp"] - claims["iat"], 300)
                self.assertEqual(self.use(), ["seen"])
                with open(path, encoding="utf-8") as file:
                    inside = file.read().split("\n")[-3]
                with open(os.path.join(self.home, ".local/state/awl/mcp-logins.json"), encoding="utf-8") as file:
                    self.assertNotIn(inside, file.read())

    def test_a_token_is_renewed_with_a_fresh_assertion(self):
        self.key("ecparam", "-name", "prime256v1", "-genkey")
        self.configure(grant="client_credentials", privateKeyFile="~/client.pem")
        self.assertEqual(self.awl("login", "far").code, 0)
        self.double.token = "made-up-access-token-2"
        self.assertEqual(self.use(), ["seen"])
        first, second = (claims["jti"] for _, claims in self.double.assertions)
        self.assertNotEqual(first, second)

    def test_a_registered_client_of_a_person_has_a_key_as_well(self):
        self.key("ecparam", "-name", "prime256v1", "-genkey")
        self.configure(privateKeyFile="~/client.pem")
        run = self.awl("login", "far")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.double.forms[-1]["grant_type"], "authorization_code")
        self.assertEqual(self.double.assertions[-1][1]["sub"], "machine-1")

    def test_what_cannot_be_used_gets_a_sentence(self):
        self.key("ecparam", "-name", "secp384r1", "-genkey", name="p384.pem")
        self.key("ecparam", "-name", "prime256v1", "-genkey")
        self.write(os.path.join(self.home, "words.pem"), "words")
        for name, sentence in (("none.pem", "none.pem"), ("p384.pem", "another curve than P-256"), ("words.pem", "no private key")):
            with self.subTest(name):
                self.configure(grant="client_credentials", privateKeyFile=f"~/{name}")
                run = self.awl("login", "far")
                self.assertEqual(run.code, 1, run)
                self.assertIn(sentence, run.err)
        self.double.algorithms = ["RS256"]
        self.configure(grant="client_credentials", privateKeyFile="~/client.pem")
        self.assertIn("takes signatures of the kinds RS256", self.awl("login", "far").err)
        self.configure(grant="client_credentials")
        self.assertIn("oauth.privateKeyFile", self.awl("login", "far").err)
        self.assertEqual(self.double.forms, [])

    def test_a_key_that_the_server_does_not_know(self):
        self.key("ecparam", "-name", "prime256v1", "-genkey", name="other.pem")
        known = self.double.public_key
        self.key("ecparam", "-name", "prime256v1", "-genkey")
        openssl("pkey", "-in", os.path.join(self.home, "other.pem"), "-pubout", "-out", known)
        self.configure(grant="client_credentials", privateKeyFile="~/client.pem")
        run = self.awl("login", "far")
        self.assertEqual(run.code, 1, run)
        self.assertIn("invalid_client: not that key", run.err)


if __name__ == "__main__":
    unittest.main()
