"""Installs Awl into a folder of its own, in both ways there are, and uses what is there: nothing else is on the way."""
import gzip
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

CMAKE = os.environ["AWL_CMAKE"]
CPACK = os.environ["AWL_CPACK"]
BUILD = os.environ["AWL_BUILD"]
SOURCE = os.environ["AWL_SOURCE"]
VERSION = os.environ["AWL_VERSION"]
RELEASE = os.environ["AWL_CONFIGURATION"] == "Release"

LIMIT_SECONDS = 100
WORKSPACE = "wrkspc_01INSTALLED0TEST"
KEY = "AKIAINSTALLEDTEST001"
SECRET = "wInstalledSecretKeyThatIsMadeUp/0000001"

PROGRAMS = {"bin/awl", "bin/awl-emulator", "libexec/awl/awl-media"}
TEXTS = {
    "share/doc/awl/LICENSE",
    "share/doc/awl/README.md",
    "share/doc/awl/copyright",
    "share/doc/awl/changelog.gz",
    "share/doc/awl/docs/emulator.md",
    "share/man/man1/awl.1.gz",
    "share/man/man1/awl-emulator.1.gz",
    "share/bash-completion/completions/awl",
}


def run(*command, env=None, cwd=None):
    """Runs it to its end; what it wrote to standard output."""
    done = subprocess.run(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS)
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode} of {command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class Installation(unittest.TestCase):
    """What holds for each installation; `prefix` is where it lies."""

    prefix = None
    root = None

    def setUp(self):
        self.home = tempfile.mkdtemp(dir=self.root)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": self.home, "LANG": "C.UTF-8"}
        # A build with sanitizers tells what it finds.
        self.env |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}

    def awl(self, *arguments, **env):
        return run(os.path.join(self.prefix, "bin/awl"), *arguments, env=self.env | env, cwd=self.home)

    def start_emulator(self):
        """The installed emulator, started as a person starts it, by `awl`; its URL."""
        port_file = os.path.join(self.home, "port")
        log = os.path.join(self.home, "emulator.log")
        with open(log, "wb") as out:
            process = subprocess.Popen(
                [os.path.join(self.prefix, "bin/awl"), "emulator", "--port", "0", "--port-file", port_file,
                 "--workspace", WORKSPACE, "--access-key", f"{KEY}:{SECRET}"],
                env=self.env, cwd=self.home, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.addCleanup(self.stop, process)
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            if os.path.exists(port_file):
                with open(port_file, encoding="ascii") as file:
                    port = file.read().strip()
                if port:
                    return f"http://127.0.0.1:{port}"
            if process.poll() is not None or time.monotonic() > deadline:
                with open(log, encoding="utf-8", errors="replace") as file:
                    self.fail(f"the emulator does not listen: {file.read()}")
            time.sleep(0.01)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            self.fail("the emulator does not end")

    def check_files(self):
        found = {os.path.relpath(os.path.join(folder, name), self.prefix)
                 for folder, _, names in os.walk(self.prefix) for name in names}
        self.assertLessEqual(PROGRAMS | TEXTS, found)
        # Libraries, headers and tests are no part of it.
        self.assertEqual({name for name in found if re.search(r"\.(a|h|so|cmake)$|_test$", name)}, set())
        with gzip.open(os.path.join(self.prefix, "share/man/man1/awl.1.gz"), "rt", encoding="utf-8") as page:
            self.assertIn(".TH AWL 1", page.read())

    def check_programs(self):
        self.assertRegex(self.awl("--version"), rf"^[0-9.]+ \(Awl {re.escape(VERSION)}\)\n$")
        self.assertEqual(run(os.path.join(self.prefix, "libexec/awl/awl-media"), "--version", env=self.env),
                         f"awl-media {VERSION}\n")
        url = self.start_emulator()
        platform = {
            "CLAUDE_CODE_USE_ANTHROPIC_AWS": "1",
            "ANTHROPIC_AWS_WORKSPACE_ID": WORKSPACE,
            "ANTHROPIC_AWS_BASE_URL": url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        status = self.awl("status", **platform)
        self.assertIn(WORKSPACE, status)
        self.assertIn(url, status)
        with open(os.path.join(self.home, "README.md"), "w", encoding="utf-8") as file:
            file.write("# Quince\n\nA quince is a fruit.\n")
        # The explorer calls tools; ripgrep is among what they run.
        self.assertIn("README.md", self.awl("-p", "What's in this repo?", **platform))

    def check_completion(self):
        """What bash offers after `awl`; the script asks the program of its own installation."""
        script = os.path.join(self.prefix, "share/bash-completion/completions/awl")
        awl = os.path.join(self.prefix, "bin/awl")
        def offered(*words):
            return run("/bin/bash", "--norc", "-c",
                       'source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2)); _awl; printf "%s\\n" "${COMPREPLY[@]}"',
                       "bash", script, awl, *words, env=self.env).split()

        self.assertEqual(offered("--output"), ["--output-format"])
        self.assertEqual(offered("emu"), ["emulator"])
        self.assertEqual(offered(""), ["status", "models", "auth", "doctor", "policy", "sessions", "config", "mcp",
                                       "plugin", "agents", "trust", "context", "project", "auto-mode", "acp", "emulator"])
        self.assertEqual(offered("models", "--j"), ["--json"])
        self.assertEqual(offered("models", "--output"), [])
        self.assertEqual(offered("auth", ""), ["status", "login", "refresh", "token"])
        self.assertEqual(offered("auth", "status", "--t"), ["--text"])
        self.assertEqual(offered("config", "s"), ["set"])
        self.assertEqual(offered("config", "set", "--sc"), ["--scope"])

    def check_shipped(self):
        """What is shipped has no symbol table, and knows nothing of the place where it was built."""
        for name in PROGRAMS:
            with open(os.path.join(self.prefix, name), "rb") as file:
                content = file.read()
            self.assertFalse(b".symtab" in content, f"{name} has a symbol table")
            self.assertFalse(SOURCE.encode() + b"/" in content, f"{name} names the folder of its sources")


class InstalledTest(Installation):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="awl-install-")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        cls.prefix = os.path.join(cls.root, "opt", "awl")
        run(CMAKE, "--install", BUILD, "--prefix", cls.prefix)

    def test_everything_is_there(self):
        self.check_files()

    def test_it_works(self):
        self.check_programs()

    def test_it_works_through_a_link_from_elsewhere(self):
        link = os.path.join(self.home, "link-to-awl")
        os.symlink(os.path.join(self.prefix, "bin/awl"), link)
        self.assertIn("--port", run(link, "emulator", "--help", env=self.env))

    def test_a_program_that_is_missing_is_named(self):
        alone = os.path.join(self.home, "bin", "awl")
        os.mkdir(os.path.dirname(alone))
        shutil.copy2(os.path.join(self.prefix, "bin/awl"), alone)
        done = subprocess.run([alone, "emulator"], env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=LIMIT_SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("awl-emulator is not installed", done.stderr)
        self.assertIn(os.path.join(self.home, "libexec/awl/awl-emulator"), done.stderr)

    def test_bash_completes_options(self):
        self.check_completion()

    def test_what_is_shipped_is_clean(self):
        if RELEASE:
            self.check_shipped()


class DebianPackageTest(Installation):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="awl-package-")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        made = os.path.join(cls.root, "made")
        run(CPACK, "-G", "DEB", "-B", made, "--config", os.path.join(BUILD, "CPackConfig.cmake"), cwd=cls.root)
        packages = [name for name in os.listdir(made) if name.endswith(".deb")]
        if len(packages) != 1:
            raise AssertionError(f"not one package: {packages}")
        cls.file = os.path.join(made, packages[0])
        run("/usr/bin/dpkg-deb", "-x", cls.file, os.path.join(cls.root, "unpacked"))
        cls.prefix = os.path.join(cls.root, "unpacked", "usr")

    def field(self, name):
        return run("/usr/bin/dpkg-deb", "-f", self.file, name).strip()

    def test_it_says_what_it_is(self):
        self.assertEqual(self.field("Package"), "awl")
        self.assertEqual(self.field("Version"), VERSION)
        self.assertIn("Claude Platform on AWS", self.field("Description"))
        self.assertRegex(self.field("Maintainer"), r"^[^<>]+ <[^<>@]+@[^<>@]+>$")
        self.assertEqual(os.path.basename(self.file), f"awl_{VERSION}_{self.field('Architecture')}.deb")

    def test_it_depends_on_what_it_runs(self):
        depends = {entry.split()[0] for entry in self.field("Depends").split(",")}
        self.assertLessEqual({"libc6", "libcurl4", "ripgrep", "ca-certificates"}, depends)
        # The C++ runtime is part of the programs.
        self.assertNotIn("libstdc++6", depends)

    def test_everything_is_there(self):
        self.check_files()

    def test_everything_belongs_to_root(self):
        for line in run("/usr/bin/dpkg-deb", "-c", self.file).splitlines():
            mode, owner = line.split()[:2]
            self.assertEqual(owner, "root/root", line)
            self.assertNotRegex(mode, r"^.....w|^........w", line)

    def test_it_works(self):
        self.check_programs()

    def test_what_is_shipped_is_clean(self):
        self.check_shipped()


if __name__ == "__main__":
    del Installation  # only what derives from it is a test
    unittest.main()
