"""Plugins in zip files: of the command line, of a server, of a marketplace."""
import hashlib
import io
import json
import os
import stat
import unittest
import zipfile

from support import E2eCase, steps
from tls import Authority, TlsFront, TunnelProxy
from web_test import Pages

MANIFEST = json.dumps({"name": "hello"})
SKILL = "---\ndescription: Greets\n---\nGreet the person, from the archive."
HOOKS = json.dumps({"hooks": {"UserPromptSubmit": [{"hooks": [{"type": "command", "command": "${CLAUDE_PLUGIN_ROOT}/say.sh"}]}]}})
FILES = {".claude-plugin/plugin.json": MANIFEST, "skills/greet/SKILL.md": SKILL, "hooks/hooks.json": HOOKS,
         "say.sh": "#!/bin/sh\necho The hook of the archive ran."}


def packed(files, below="", links=()):
    """The bytes of a zip file; scripts can be run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(below + name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | (0o755 if name.endswith(".sh") else 0o644)) << 16
            archive.writestr(info, content)
        for name, target in links:
            info = zipfile.ZipInfo(below + name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    return out.getvalue()


class PluginArchives(E2eCase):
    def zip(self, name, *arguments, **options):
        path = os.path.join(self.work, name)
        with open(path, "wb") as file:
            file.write(packed(*arguments, **options))
        return path

    def serve(self, answers):
        pages = Pages(answers)
        self.addCleanup(pages.stop)
        return pages

    def said_to_model(self, *arguments, **more):
        emulator = self.start_emulator(steps("Done."))
        run = self.ask(emulator.url, *arguments, prompt="/hello:greet", **more)
        return run, json.dumps(emulator.requests()[-1]["body"]["messages"]) if emulator.requests() else ""

    def left_over(self):
        return [name for name in os.listdir(self.temporary) if name.startswith("awl-plugins-")]

    def test_a_zip_file_is_a_plugin_for_one_session(self):
        for below in ("", "my-plugin/"):
            with self.subTest(below):
                self.zip("hello.zip", FILES, below)
                run, said = self.said_to_model("--plugin-dir", "hello.zip")
                self.assertIn("from the archive", said)
                self.assertIn("The hook of the archive ran.", said)
                plugin = run.events("system", "init")[0]["plugins"][0]
                self.assertEqual(plugin["name"], "hello")
                self.assertFalse(os.path.exists(plugin["path"]))
                self.assertEqual(self.left_over(), [])

    def test_what_leads_out_is_refused(self):
        self.zip("up.zip", {**FILES, "../up": "x"})
        self.zip("far.zip", {**FILES, os.path.join(self.root, "far"): "x"})
        self.zip("link.zip", FILES, links=[("leak", self.home)])
        self.write("no.zip", "words")
        for name, sentence in (("up", "leads out"), ("far", "absolute"), ("link", "leak leads out"), ("no", "no zip file")):
            with self.subTest(name):
                run, _ = self.said_to_model("--plugin-dir", f"{name}.zip")
                self.assertEqual(run.code, 1, run)
                self.assertIn(sentence, run.err)
                self.assertIn(f"{name}.zip", run.err)
        self.assertEqual(os.listdir(self.root).count("far") + os.listdir(self.root).count("up"), 0)
        self.assertEqual(self.left_over(), [])

    def test_a_bomb_is_refused(self):
        self.zip("bomb.zip", {**FILES, "zeros": b"\0" * (300 << 20)})
        self.assertLess(os.path.getsize(os.path.join(self.work, "bomb.zip")), 1 << 20)
        run, _ = self.said_to_model("--plugin-dir", "bomb.zip")
        self.assertEqual(run.code, 1, run)
        self.assertIn("unpacks to more than 256 MB", run.err)
        self.assertEqual(self.left_over(), [])

    def test_a_zip_file_is_fetched(self):
        pages = self.serve({"/hello.zip": (302, {"Location": "/far.zip"}, b""), "/far.zip": (200, {}, packed(FILES)),
                            "/bare.zip": (200, {}, packed({"commands/wave.md": "Wave"}))})
        run, said = self.said_to_model("--plugin-url", f"{pages.url('/hello.zip')} {pages.url('/bare.zip')}")
        self.assertIn("from the archive", said)
        self.assertEqual([p["name"] for p in run.events("system", "init")[0]["plugins"]], ["hello", "bare"])
        self.assertEqual(self.left_over(), [])

    def test_a_session_begins_without_what_a_server_does_not_give(self):
        pages = self.serve({"/gone.zip": (404, {}, b""), "/no.zip": (200, {}, b"words"),
                            "/out.zip": (302, {"Location": "http://plugins.example/x.zip"}, b"")})
        for url, sentence in ((pages.url("/gone.zip"), "HTTP status 404"), (pages.url("/no.zip"), "no zip file"),
                              (pages.url("/out.zip"), "http://plugins.example/x.zip is not https"),
                              ("http://plugins.example/x.zip", "is not https"), ("ftp://x/y.zip", "--plugin-url")):
            with self.subTest(url):
                run, _ = self.said_to_model("--plugin-url", url)
                self.assertIn(sentence, run.err)
                self.assertIn("the session has no such plugin", run.err)
                self.assertEqual(len(run.results()), 1)

    def test_the_organisation_can_forbid_it(self):
        run, _ = self.said_to_model("--plugin-url", "http://127.0.0.1:1/x.zip", "--managed-settings", json.dumps({"disableSideloadFlags": True}))
        self.assertIn("--plugin-url", run.err)
        self.assertNotEqual(run.code, 0)


class MarketplaceArchives(E2eCase):
    """The server is public for awl: a proxy takes it there."""

    def setUp(self):
        super().setUp()
        self.market = self.folder("market")
        self.answers = {}
        pages = Pages(self.answers)
        self.addCleanup(pages.stop)
        authority = Authority(self.folder("ca"))
        front = TlsFront(self, authority.server(), pages.port)
        self.proxy = TunnelProxy(self, front.port)
        self.trust = authority.certificate

    def offer(self, **source):
        catalogue = {"name": "acme", "owner": {"name": "A"}, "plugins": [{"name": "hello", "source": {"source": "archive", **source}}]}
        self.write(os.path.join(self.market, ".claude-plugin/marketplace.json"), json.dumps(catalogue))

    def awl(self, *words, code=0):
        run = self.run_awl("plugin", *words, env=self.env(HTTPS_PROXY=self.proxy.url(), NODE_EXTRA_CA_CERTS=self.trust))
        self.assertEqual(run.code, code, run)
        return run.out + run.err

    def test_it_is_fetched_checked_and_brought_up_to_date(self):
        first = packed(FILES, "hello/")
        digest = hashlib.sha256(first).hexdigest()
        self.answers["/hello.zip"] = (200, {}, first)
        self.offer(url="https://platform.example/hello.zip", sha256=digest.upper())
        self.awl("marketplace", "add", self.market)
        self.assertIn(f"hello@acme {digest[:12]} is installed", self.awl("install", "hello"))
        emulator = self.start_emulator(steps("Done."))
        self.ask(emulator.url, prompt="/hello:greet")
        self.assertIn("from the archive", json.dumps(emulator.requests()[-1]["body"]["messages"]))
        self.assertIn("The hook of the archive ran.", json.dumps(emulator.requests()[-1]["body"]["messages"]))
        second = packed({**FILES, "more": "x"})
        self.answers["/hello.zip"] = (200, {}, second)
        self.assertIn("is not the file that the marketplace names", self.awl("update", "hello", code=1))
        self.offer(url="https://platform.example/hello.zip")
        self.assertIn(f"is now {hashlib.sha256(second).hexdigest()[:12]}", self.awl("update", "hello"))

    def test_other_addresses_are_refused(self):
        for url, sentence in (("http://platform.example/hello.zip", "https"), ("https://localhost/hello.zip", "public network"),
                              ("https://127.0.0.1/hello.zip", "public network"), ("https://169.254.169.254/hello.zip", "public network")):
            with self.subTest(url):
                self.offer(url=url)
                self.awl("marketplace", "add", self.market)
                self.assertIn(sentence, self.awl("install", "hello", code=1))
        self.assertFalse(self.proxy.heads)
        self.answers["/hello.zip"] = (302, {"Location": "http://platform.example/x.zip"}, b"")
        self.offer(url="https://platform.example/hello.zip")
        self.assertIn("is not https", self.awl("install", "hello", code=1))
        self.offer(url="https://platform.example/hello.zip", sha256="12")
        self.assertIn("no digest", self.awl("install", "hello", code=1))


if __name__ == "__main__":
    unittest.main()
