"""What bash really runs, against what the permission layer says it runs.

Random commands are run by bash in an empty folder with a PATH of stubs, which write down their arguments; `awl policy
explain` is asked about the same text. Each command that ran must be among those that were foreseen, unless the text was
not understood, which is never allowed by rules for its parts.
"""
import json
import os
import random
import shutil
import subprocess
import tempfile
import unittest

AWL = os.environ["AWL"]
COUNT = int(os.environ.get("DIFFERENTIAL_COUNT", "400"))
SEED = int(os.environ.get("DIFFERENTIAL_SEED", "20261126"))
NAMES = ("alpha", "beta", "gamma")
STUB = """#!/bin/bash
printf '%s\\0' "${0##*/}" "$@" > "$AWL_STUB_LOG/$$"
"""


class Grammar:
    """Random commands: quotes, escapes, expansions, lists, pipes, compound commands, here-documents, functions."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.functions = 0

    def function(self):
        """A name of its own each: one that calls itself would not end."""
        self.functions += 1
        return f"f{self.functions}"

    def pick(self, *choices):
        return self.random.choice(choices)

    def quoted(self, text):
        form = self.random.randrange(9)
        if form == 0:
            return f"'{text}'"
        if form == 1:
            return f'"{text}"'
        if form == 2:
            return "".join("\\" + c for c in text)
        if form == 3:
            return "$'" + "".join(f"\\x{ord(c):02x}" for c in text) + "'"
        if form == 4:
            cut = self.random.randrange(len(text) + 1)
            return f"'{text[:cut]}'\"{text[cut:]}\""
        if form == 5:
            cut = self.random.randrange(len(text) + 1)
            return f"{text[:cut]}\\\n{text[cut:]}"
        return text

    def word(self, depth):
        form = self.random.randrange(14)
        if form == 0 and depth:
            return f"$({self.list(depth - 1)})"
        if form == 1 and depth:
            return f'"x$({self.list(depth - 1)})y"'
        if form == 2 and depth:
            return f"`{self.simple(0)}`"
        if form == 3:
            return self.pick('"a b"', "'c;d'", "a\\ b", "'$(beta)'", "\\$\\(beta\\)", "'|'", "\\;", '"&&"', "#x", "a#b")
        if form == 4:
            return self.pick("{a,b}", "*", "?", "[ab]", "~", "$HOME", '"$none"', "${none:-d}", "a{1..3}", "$((1+2))")
        if form == 5 and depth:
            return f"${{none:-$({self.simple(0)})}}"
        return self.quoted(self.pick("one", "two", "-x", "--flag=v", "p/q", "A=1"))

    def simple(self, depth):
        parts = [self.quoted(self.pick(*NAMES))]
        parts += [self.word(depth) for _ in range(self.random.randrange(3))]
        if self.random.random() < 0.15:
            parts.insert(0, self.pick("V=1", "V='a b'", "V=$(beta)" if depth else "V="))
        if self.random.random() < 0.15:
            parts.append(self.pick("> out", "2>&1", "< /dev/null", ">> out", "2> /dev/null", "&> out"))
        return " ".join(parts)

    def command(self, depth):
        form = self.random.randrange(16)
        if depth <= 0 or form > 9:
            return self.simple(max(depth, 0))
        inner = self.list(depth - 1)
        return (f"( {inner} )", f"{{ {inner}; }}", f"if {inner}; then {self.simple(0)}; fi",
                f"for i in 1 2; do {inner}; done", f"case x in x) {inner};; esac", f"{self.function()}() {{ {inner}; }}; f{self.functions}",
                f"while {inner}; do {self.simple(0)}; break; done", f"! {inner}", f"eval {self.quoted('gamma one')}",
                f"cat_ <<E\n$({self.simple(0)})\nE")[form]

    def list(self, depth):
        text = self.command(depth)
        for _ in range(self.random.randrange(3)):
            text += self.pick(" ; ", " && ", " || ", " | ", "\n", " & ", ";") + self.command(depth)
        return text


def foreseen(argv, planned):
    """Whether `planned`, in which None may be any number of words, can become `argv`."""
    if not planned:
        return not argv
    if planned[0] is None:
        return any(foreseen(argv[n:], planned[1:]) for n in range(len(argv) + 1))
    return bool(argv) and planned[0] == argv[0] and foreseen(argv[1:], planned[1:])


class DifferentialTest(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="awl-differential-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.stubs = os.path.join(self.root, "stubs")
        os.mkdir(self.stubs)
        for name in (*NAMES, "cat_"):
            path = os.path.join(self.stubs, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(STUB)
            os.chmod(path, 0o755)

    def executed(self, command, number):
        """The arguments of each stub that bash started."""
        work = os.path.join(self.root, f"work{number}")
        os.mkdir(work)
        log = os.path.join(self.root, f"log{number}")
        os.mkdir(log)
        subprocess.run(["/bin/bash", "--norc", "-c", command + "\nwait"], cwd=work, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20, check=False,
                       env={"PATH": self.stubs, "HOME": self.root, "AWL_STUB_LOG": log})
        runs = []
        for name in os.listdir(log):  # a process each
            with open(os.path.join(log, name), encoding="utf-8") as file:
                runs.append(file.read().split("\0")[:-1])
        return runs

    def explained(self, command):
        call = json.dumps({"tool": "Bash", "input": {"command": command}})
        done = subprocess.run([AWL, "policy", "explain", "--json", call], cwd=self.root, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=20, check=True,
                              env={"PATH": self.stubs, "HOME": self.root})
        return json.loads(done.stdout)

    def test_what_runs_was_foreseen(self):
        grammar = Grammar(SEED)
        ran = understood = 0
        for number in range(COUNT):
            command = grammar.list(2)
            if len(command) > 1500:
                continue
            told = self.explained(command)
            if not told["understood"]:
                continue
            understood += 1
            for argv in self.executed(command, number):
                ran += 1
                self.assertTrue(any(foreseen(argv, planned) for planned in told["argv"]),
                                f"{command!r} ran {argv}, foreseen were {told['argv']} (seed {SEED}, number {number})")
        # The test would prove nothing if little were understood or run.
        self.assertGreater(understood, COUNT // 4)
        self.assertGreater(ran, COUNT // 2)


if __name__ == "__main__":
    unittest.main()
