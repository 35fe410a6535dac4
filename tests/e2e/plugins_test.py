"""Marketplaces and the plugins that are installed from them."""
import json
import os
import subprocess
import unittest

from support import E2eCase, steps


class Plugins(E2eCase):
    def setUp(self):
        super().setUp()
        self.market = self.folder("market")
        self.put("plugins/hello/.claude-plugin/plugin.json", json.dumps({"name": "hello", "version": "1.0.0"}))
        self.put("plugins/hello/skills/greet/SKILL.md", "---\ndescription: Greets\n---\nGreet the person, version one.")
        self.put("plugins/bare/commands/wave.md", "Wave at $ARGUMENTS")
        self.catalogue([{"name": "hello", "source": "./plugins/hello", "description": "Greets"},
                        {"name": "bare", "source": "./plugins/bare", "version": "0.1"}])

    def put(self, name, content):
        self.write(os.path.join(self.market, name), content)

    def catalogue(self, plugins):
        self.put(".claude-plugin/marketplace.json", json.dumps({"name": "acme", "owner": {"name": "A"}, "plugins": plugins}))

    def awl(self, *words, code=0, **more):
        run = self.run_awl("plugin", *words, env=self.env(**more))
        self.assertEqual(run.code, code, run)
        return run.out + run.err

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words], cwd=self.market, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "HOME": self.home})

    def said_to_model(self, prompt):
        emulator = self.start_emulator(steps("Done."))
        run = self.ask(emulator.url, prompt=prompt)
        return run, json.dumps(emulator.requests()[-1]["body"]["messages"]) if emulator.requests() else ""

    def test_a_plugin_of_a_folder_is_installed_used_switched_off_and_removed(self):
        self.assertIn("acme is known", self.awl("marketplace", "add", self.market))
        self.assertIn("hello: Greets", self.awl("marketplace", "list"))
        self.assertIn("hello@acme 1.0.0 is installed", self.awl("install", "hello@acme"))
        settings = json.loads(self.read(os.path.join(self.home, ".claude/settings.json")))
        self.assertEqual(settings["enabledPlugins"], {"hello@acme": True})
        run, said = self.said_to_model("/hello:greet")
        self.assertIn("version one", said)
        self.assertEqual(run.events("system", "init")[0]["plugins"][0]["name"], "hello")
        self.assertIn("hello@acme 1.0.0  user, on", self.awl("list"))
        self.awl("disable", "hello")
        _, said = self.said_to_model("/hello:greet")
        self.assertNotIn("version one", said)
        self.assertIn("off", self.awl("list"))
        self.awl("uninstall", "hello")
        self.assertIn("No plugins", self.awl("list"))
        settings = json.loads(self.read(os.path.join(self.home, ".claude/settings.json")))
        self.assertEqual(settings["enabledPlugins"], {})

    def test_a_plugin_without_a_manifest_gets_that_of_its_entry(self):
        self.awl("marketplace", "add", self.market)
        self.assertIn("bare@acme 0.1 is installed", self.awl("install", "bare"))
        _, said = self.said_to_model("/bare:wave Ann")
        self.assertIn("Wave at Ann", said)

    def test_a_repository_is_cloned_and_brought_up_to_date(self):
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-qm", "one")
        url = "file://" + self.market
        self.awl("marketplace", "add", url + "#main")
        self.awl("install", "hello@acme")
        self.put("plugins/hello/.claude-plugin/plugin.json", json.dumps({"name": "hello", "version": "2.0.0"}))
        self.put("plugins/hello/skills/greet/SKILL.md", "---\ndescription: Greets\n---\nGreet, version two.")
        self.git("commit", "-qam", "two")
        self.assertIn("1.0.0 is now 2.0.0", self.awl("update", "hello"))
        _, said = self.said_to_model("/hello:greet")
        self.assertIn("version two", said)
        self.assertIn("is up to date", self.awl("update", "hello"))

    def test_a_plugin_of_a_repository_of_its_own_at_a_commit(self):
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-qm", "one")
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=self.market, capture_output=True, text=True, check=True).stdout.strip()
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        url = "file://" + self.market
        self.market = self.folder("other")
        self.catalogue([{"name": "far", "source": {"source": "git-subdir", "url": url, "path": "plugins/hello", "sha": commit}},
                        {"name": "odd", "source": {"source": "npm", "package": "x"}},
                        {"name": "out", "source": "./../market/plugins/hello"}])
        self.awl("marketplace", "add", self.market)
        self.assertIn("far@acme 1.0.0", self.awl("install", "far"))
        self.assertIn("not there yet", self.awl("install", "odd", code=1))
        self.assertIn("leads out", self.awl("install", "out", code=1))
        self.assertEqual([p["id"] for p in json.loads(self.awl("list", "--json"))], ["far@acme"])

    def test_a_link_out_of_the_marketplace_is_not_copied(self):
        secret = self.write(os.path.join(self.home, "secret"), "s")
        os.symlink(secret, os.path.join(self.market, "plugins/hello/leak"))
        self.awl("marketplace", "add", self.market)
        self.awl("install", "hello")
        copy = json.loads(self.awl("list", "--json"))[0]["installPath"]
        self.assertFalse(os.path.lexists(os.path.join(copy, "leak")))

    def test_what_the_settings_announce_is_fetched_when_it_is_wanted(self):
        self.write(os.path.join(self.home, ".claude/settings.json"), json.dumps(
            {"extraKnownMarketplaces": {"acme": {"source": {"source": "directory", "path": self.market}}}}))
        self.assertIn("announced by the settings", self.awl("marketplace", "list"))
        self.awl("install", "hello@acme", "--scope", "local")
        self.assertEqual(json.loads(self.read(".claude/settings.local.json")), {"enabledPlugins": {"hello@acme": True}})

    def test_what_is_switched_on_and_not_installed_is_said(self):
        self.write(os.path.join(self.home, ".claude/settings.json"), json.dumps({"enabledPlugins": {"hello@acme": True}}))
        run, _ = self.said_to_model("Go on.")
        self.assert_success(run, "Done.")
        self.assertIn("awl plugin install hello@acme", run.err)

    def test_a_project_that_is_not_trusted_switches_nothing_on(self):
        self.awl("marketplace", "add", self.market)
        self.awl("install", "hello", "--scope", "project")
        run, said = self.said_to_model("/hello:greet")
        self.assertNotIn("version one", said)
        self.assertIn("enabledPlugins", run.err)
        self.assertEqual(self.run_awl("trust", "--yes", env=self.env()).code, 0)
        _, said = self.said_to_model("/hello:greet")
        self.assertIn("version one", said)

    def test_bad_words_get_a_sentence(self):
        for words, sentence in ((("install", "hello"), "no marketplace that is known"),
                                (("install", "hello@acme"), "there is no marketplace acme"),
                                (("marketplace", "add", "nowhere"), "names no marketplace"),
                                (("marketplace", "add", "./nowhere"), "is not there"),
                                (("marketplace", "fetch"), "takes: add SOURCE"),
                                (("marketplace", "add", "ext::sh -c x"), "names no marketplace"),
                                (("uninstall", "hello"), "no plugin hello is installed"),
                                (("install",), "takes one word")):
            self.assertIn(sentence, self.awl(*words, code=1))

    def test_validate_reads_a_plugin_and_a_marketplace(self):
        self.assertIn("with 2 plugins can be used", self.awl("validate", self.market))
        self.assertIn("The plugin hello can be used. It brings skills", self.awl("validate", self.market + "/plugins/hello"))
        self.put("plugins/hello/.claude-plugin/plugin.json", "{ torn")
        self.assertIn("plugin.json", self.awl("validate", self.market, code=1))


if __name__ == "__main__":
    unittest.main()
