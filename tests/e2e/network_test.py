"""Proxies, certificate authorities and client certificates, with real TLS on loopback."""
import json
import os
import shutil
import unittest

from support import STREAM, E2eCase, call, steps
from tls import Authority, TlsFront, TunnelProxy, encrypt_key


class NetworkCase(E2eCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder("ca"))
        self.certificate = self.authority.server()
        self.emulator = self.start_emulator(steps("Done."))

    def front(self, **options):
        return TlsFront(self, self.certificate, self.emulator.port, **options)

    def go(self, url, **env):
        return self.ask(url, NODE_EXTRA_CA_CERTS=env.pop("NODE_EXTRA_CA_CERTS", self.authority.certificate), **env)


class ProxyTest(NetworkCase):
    URL = "https://platform.example:8443"

    def through(self, proxy_url, **env):
        return self.go(self.URL, HTTPS_PROXY=proxy_url, NO_PROXY=None, **env)

    def test_a_tunnel_is_asked_for_with_the_decoded_credentials(self):
        proxy = TunnelProxy(self, self.front().port, credentials="us er:p@ss:word")
        self.assert_success(self.through(proxy.url("us%20er:p%40ss%3Aword@")), "Done.")
        self.assertTrue(proxy.heads[0].startswith("CONNECT platform.example:8443 HTTP/1.1\r\n"), proxy.heads)
        self.assertNotIn("authorization: AWS4", proxy.heads[0])
        self.assertNotIn("proxy-authorization", {name.lower() for name in self.emulator.requests()[0]["headers"]})

    def test_lower_case_comes_first_and_the_http_variable_serves_too(self):
        proxy = TunnelProxy(self, self.front().port)
        self.assert_success(self.through("http://127.0.0.1:1", https_proxy=proxy.url()), "Done.")
        self.assert_success(self.through(None, HTTP_PROXY=proxy.url()), "Done.")
        self.assertEqual(len(proxy.heads), 2)

    def test_the_settings_may_name_proxy_and_certificates(self):
        proxy = TunnelProxy(self, self.front().port)
        self.write(f"{self.home}/.claude/settings.json", json.dumps(
            {"env": {"HTTPS_PROXY": proxy.url(), "NODE_EXTRA_CA_CERTS": self.authority.certificate, "NO_PROXY": ""}}))
        self.assert_success(self.through("http://127.0.0.1:1", NODE_EXTRA_CA_CERTS=None), "Done.")
        self.assertEqual(len(proxy.heads), 1)

    def test_a_proxy_that_wants_to_know_who_asks_is_named_and_not_asked_again(self):
        proxy = TunnelProxy(self, 1, credentials="me:right")
        for credentials, words in (("", "asks for a user name"), ("me:wrong@", "does not accept")):
            run = self.through(proxy.url(credentials))
            said = self.assert_api_error(run, None, words, f"127.0.0.1:{proxy.port}", "HTTPS_PROXY")
            self.assertNotIn("wrong", said)
            self.assertEqual(run.events("system", "api_retry"), [])

    def test_a_proxy_that_forbids_the_host_is_not_asked_again(self):
        proxy = TunnelProxy(self, 1, status="403 Forbidden")
        run = self.through(proxy.url())
        self.assert_api_error(run, None, "403", "platform.example")
        self.assertEqual(len(proxy.heads), 1)

    def test_the_status_shows_the_proxy_without_its_password(self):
        env = self.env("http://127.0.0.1:1", HTTPS_PROXY="http://me:hidden@proxy.corp:3128",
                       NODE_EXTRA_CA_CERTS=self.authority.certificate)
        run = self.run_awl("status", env=env)
        self.assertIn("http://proxy.corp:3128  (HTTPS_PROXY)", run.out)
        self.assertIn(self.authority.certificate, run.out)
        network = json.loads(self.run_awl("status", "--json", env=env).out)["network"]
        self.assertEqual((network["proxy"], network["proxy_source"]), ("http://proxy.corp:3128", "HTTPS_PROXY"))
        self.assertNotIn("hidden", run.out + json.dumps(network))

    def test_an_address_that_is_none_ends_the_start_and_names_the_variable(self):
        for variable, value, word in (("HTTPS_PROXY", "proxy.corp:3128", "http://"), ("http_proxy", "http://", "http_proxy"),
                                      ("HTTPS_PROXY", "socks5://proxy:1080", "SOCKS")):
            with self.subTest(value=value):
                run = self.go(self.URL, **{variable: value})
                self.assertEqual((run.code, run.out), (1, ""), run)
                self.assertIn(variable, run.err)
                self.assertIn(word, run.err)

    def test_hosts_of_no_proxy_are_reached_directly(self):
        for no_proxy in ("example.com,localhost", "example.com localhost", "*", "localhost:*", "LOCALHOST"):
            front = self.front()
            with self.subTest(no_proxy=no_proxy):
                run = self.go(front.url, HTTPS_PROXY="http://127.0.0.1:1", NO_PROXY=no_proxy.replace("*", str(front.port))
                              if ":" in no_proxy else no_proxy)
                self.assert_success(run, "Done.")


class CertificateAuthorityTest(NetworkCase):
    def test_a_certificate_of_an_unknown_ca_is_refused_at_once_with_advice(self):
        run = self.go(self.front().url, NODE_EXTRA_CA_CERTS=None)
        self.assert_api_error(run, None, "certificate", "NODE_EXTRA_CA_CERTS")
        self.assertEqual(run.events("system", "api_retry"), [])
        self.assertEqual(self.emulator.requests(), [])

    def test_a_certificate_for_another_host_is_refused(self):
        certificate = self.authority.issue("other", "subjectAltName=DNS:other.example\n")
        front = TlsFront(self, certificate, self.emulator.port)
        run = self.go(front.url)
        said = self.assert_api_error(run, None, "certificate", "localhost")
        self.assertNotIn("NODE_EXTRA_CA_CERTS", said)

    def test_ssl_cert_file_adds_certificates_too(self):
        for store in (None, "bundled", "system", "bundled,system"):
            with self.subTest(store=store):
                run = self.go(self.front().url, NODE_EXTRA_CA_CERTS=None, SSL_CERT_FILE=self.authority.certificate,
                              CLAUDE_CODE_CERT_STORE=store)
                self.assert_success(run, "Done.")

    def test_a_file_that_cannot_be_used_is_a_warning_that_names_the_variable(self):
        broken = self.write("broken.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
        for path in ("/no/such/file.pem", broken):
            with self.subTest(path=path):
                run = self.go(self.emulator.url, NODE_EXTRA_CA_CERTS=path)
                self.assert_success(run, "Done.")
                self.assertIn("NODE_EXTRA_CA_CERTS", run.err)
                self.assertIn(path, run.err)

    def test_a_broken_certificate_does_not_spoil_the_others_of_its_file(self):
        with open(self.authority.certificate, encoding="utf-8") as file:
            good = file.read()
        path = self.write("all.pem", "# ours\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + good)
        self.assert_success(self.go(self.front().url, NODE_EXTRA_CA_CERTS=path), "Done.")


class ClientCertificateTest(NetworkCase):
    def setUp(self):
        super().setUp()
        self.client = self.authority.client()

    def go_as(self, front, certificate, key, **env):
        return self.go(front.url, CLAUDE_CODE_CLIENT_CERT=certificate, CLAUDE_CODE_CLIENT_KEY=key, **env)

    def test_the_certificate_is_shown(self):
        front = self.front(client_ca=self.authority.certificate)
        self.assert_success(self.go_as(front, *self.client), "Done.")
        self.assertIn("client", front.clients)

    def test_a_key_may_be_encrypted(self):
        front = self.front(client_ca=self.authority.certificate)
        key = encrypt_key(self.client[1], "open sesame")
        run = self.go_as(front, self.client[0], key, CLAUDE_CODE_CLIENT_KEY_PASSPHRASE="open sesame")
        self.assert_success(run, "Done.")
        for passphrase in ("wrong", None):
            run = self.go_as(front, self.client[0], key, CLAUDE_CODE_CLIENT_KEY_PASSPHRASE=passphrase)
            self.assert_api_error(run, None, "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE")
            self.assertEqual(run.events("system", "api_retry"), [])

    def test_without_one_the_error_names_the_variables(self):
        run = self.go(self.front(client_ca=self.authority.certificate).url)
        self.assert_api_error(run, None, "CLAUDE_CODE_CLIENT_CERT")

    def test_a_file_that_cannot_be_read_is_a_warning_that_names_the_variable(self):
        run = self.go_as(self.front(), "/no/such.pem", self.client[1])
        self.assert_success(run, "Done.")
        self.assertIn("CLAUDE_CODE_CLIENT_CERT", run.err)
        self.assertIn("/no/such.pem", run.err)

    def rotate(self, **env):
        """The server changes the CA that it accepts, and a command of the run brings the new pair."""
        other = Authority(self.folder("ca2"), "Second CA")
        new = other.client("renewed")
        front = self.front(client_ca=self.authority.certificate)
        pair = [os.path.join(self.work, name) for name in ("now.pem", "now.key")]
        for source, target in zip(self.client, pair):
            shutil.copyfile(source, target)
        bring = f"cp {new[0]} now.pem && cp {new[1]} now.key && touch brought && until [ -e switched ]; do sleep 0.02; done"
        emulator = self.start_emulator(steps([call("Bash", command=bring)], "Renewed."))
        front._upstream_port = emulator.port
        started = self.start("-p", "Go on.", *STREAM, "--allowedTools", "Bash", env=self.env(
            front.url, NODE_EXTRA_CA_CERTS=self.authority.certificate, CLAUDE_CODE_CLIENT_CERT=pair[0],
            CLAUDE_CODE_CLIENT_KEY=pair[1], CLAUDE_CODE_MAX_RETRIES="0", **env))
        started.wait_for_output('"tool_use"')
        front.client_ca = other.certificate
        front.drop_connections()
        self.write("switched", "")
        return started.end(), front

    def test_files_that_were_replaced_are_read_again_when_the_connection_breaks(self):
        run, front = self.rotate()
        self.assert_success(run, "Renewed.")
        self.assertEqual(front.clients, ["client", "renewed"])

    def test_they_are_not_when_that_is_switched_off(self):
        run, front = self.rotate(CLAUDE_CODE_DISABLE_MTLS_RELOAD_ON_STALE_CONNECTION="1")
        self.assert_api_error(run, None)
        self.assertNotIn("renewed", front.clients)


if __name__ == "__main__":
    unittest.main()
