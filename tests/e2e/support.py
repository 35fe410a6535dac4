"""Runs the built `awl` against the built emulator. Nothing outside the test's own folder is touched."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

AWL = os.environ.get("AWL", "/tmp/e2e-bin/awl")
EMULATOR = os.environ.get("AWL_EMULATOR", "/tmp/e2e-bin/awl-emulator")

ACCESS_KEY = "AKIAE2ETESTKEY000001"
SECRET_KEY = "wE2eSecretKeyThatIsMadeUp/For+Tests00001"
TEMPORARY_KEY = "ASIAE2ETESTKEY000002"
TEMPORARY_SECRET = "tE2eSecretKeyThatIsMadeUp/For+Tests00002"
SESSION_TOKEN = "E2eSessionToken//made+up0123456789abcdefghijklmnopqrstuvwxyz=="
API_KEY = "sk-ant-e2e-made-up-api-key-0123456789abcdef"
BEARER = "e2e-made-up-bearer-token-0123456789abcdef"
WORKSPACE = "wrkspc_01E2E0TESTS0WORKSPACE"

PROMPT = "Go on."
ALWAYS = {"messages_contain": PROMPT}  # a rule's condition that holds for every request of a run with that prompt
STREAM = ("--output-format", "stream-json", "--verbose")

# Everything is answered in well under a second; machines that are busy with a build are not.
LIMIT_SECONDS = 60


def wait_until(condition, what, limit=LIMIT_SECONDS):
    """The first true value of `condition`, or a failure that says what was waited for."""
    deadline = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {limit} s in vain for: {what}")
        time.sleep(0.01)


def is_alive(pid):
    """Whether a process runs; one that ended and was not collected yet does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


def text(words):
    return {"type": "text", "text": words}


def call(tool, tool_id=None, **tool_input):
    block = {"type": "tool_use", "name": tool, "input": tool_input}
    if tool_id:
        block["id"] = tool_id
    return block


def steps(*contents):
    """A scenario; each content is a string, a list of blocks, or a whole step with other fields."""
    whole = ("content", "status", "raw_sse")
    return {"steps": [c if isinstance(c, dict) and any(k in c for k in whole) and "type" not in c
                      else {"content": c} for c in contents]}


class Emulator:
    def __init__(self, folder, scenario, options):
        self.record_file = os.path.join(folder, "requests.jsonl")
        port_file = os.path.join(folder, "port")
        scenario_file = os.path.join(folder, "scenario.json")
        with open(scenario_file, "w", encoding="utf-8") as file:
            json.dump(scenario, file)
        self.log = open(os.path.join(folder, "emulator.log"), "wb")
        self.process = subprocess.Popen(
            [EMULATOR, "--port", "0", "--port-file", port_file, "--record", self.record_file,
             "--scenario", scenario_file, "--workspace", WORKSPACE, *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self.port = int(wait_until(lambda: self._read(port_file), "the emulator's port"))
        except BaseException:
            self.stop()
            raise
        self.url = f"http://127.0.0.1:{self.port}"

    def _read(self, path):
        if self.process.poll() is not None:
            with open(self.log.name, encoding="utf-8") as file:
                raise AssertionError("the emulator ended: " + file.read())
        try:
            with open(path, encoding="utf-8") as file:
                content = file.read()
        except FileNotFoundError:
            return ""
        return content if content.endswith("\n") or content.strip().isdigit() else ""

    def requests(self):
        """What was recorded until now, oldest first; objects keep the order of their keys."""
        try:
            with open(self.record_file, encoding="utf-8") as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class Run:
    """A run that ended."""

    def __init__(self, code, out, err, seconds):
        self.code, self.seconds = code, seconds
        self.out, self.err = out.decode("utf-8"), err.decode("utf-8")

    def __str__(self):
        return f"exit {self.code} after {self.seconds:.2f} s\n--- stdout\n{self.out[-4000:]}\n--- stderr\n{self.err[-4000:]}"

    def events(self, kind=None, subtype=None):
        parsed = [json.loads(line) for line in self.out.split("\n") if line]
        return [e for e in parsed if kind in (None, e["type"]) and subtype in (None, e.get("subtype"))]

    def results(self):
        return self.events("result")

    def tool_results(self):
        """The tool_result blocks on the stream in the order in which the calls ended."""
        blocks = [b for e in self.events("user") for b in e["message"]["content"]]
        return [b for b in blocks if b["type"] == "tool_result"]

    def said(self):
        """The text blocks of the answers; messages that tell of an error are none."""
        blocks = [b for e in self.events("assistant") if "error" not in e for b in e["message"]["content"]]
        return [b["text"] for b in blocks if b["type"] == "text"]


class Started:
    """A run that goes on; its output is collected as it comes."""

    def __init__(self, command, stdout=subprocess.PIPE, **options):
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, **options)
        self.pid = self.process.pid
        self._parts = {"stdout": [], "stderr": []}
        self._readers = [threading.Thread(target=self._collect, args=(name,), daemon=True) for name in self._parts]
        for reader in self._readers:
            reader.start()

    def _collect(self, name):
        stream = getattr(self.process, name)
        if stream is None:
            return
        with stream:
            while part := stream.read1(65536):
                self._parts[name].append(part)

    def out(self):
        return b"".join(self._parts["stdout"]).decode("utf-8", "replace")

    def wait_for_output(self, words):
        wait_until(lambda: words in self.out() or self.process.poll() is not None, f"{words!r} on stdout")
        if words not in self.out():
            self._readers[0].join(LIMIT_SECONDS)
        assert words in self.out(), f"{words!r} did not come: {self.out()}"

    def end(self, limit=LIMIT_SECONDS):
        """Waits for the end by itself."""
        try:
            code = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not end within {limit} s; stdout: {self.out()[-4000:]}") from None
        seconds = time.monotonic() - self.began
        for reader in self._readers:
            reader.join(10)
            assert not reader.is_alive(), "a child of awl outlived it and holds its output open"
        return Run(code, b"".join(self._parts["stdout"]), b"".join(self._parts["stderr"]), seconds)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class E2eCase(unittest.TestCase):
    """One folder, home, work folder and set of processes for each test."""

    maxDiff = 4000
    wants_bad_requests = False  # a test that sends what the platform refuses with 400 says so

    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="awl-e2e-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.home = self.folder("home")
        self.work = self.folder("work")
        self.temporary = self.folder("tmp")
        self.emulators = []

    def tearDown(self):
        for emulator in self.emulators:
            refused = [r for r in emulator.requests() if r["status"] == 400]
            if refused and not self.wants_bad_requests:
                self.fail("a request was answered 400: " + json.dumps(refused[0])[:4000])

    def folder(self, name):
        path = os.path.join(self.root, name)
        os.makedirs(path, exist_ok=True)
        return path

    def write(self, name, content):
        """A file in the work folder, or at an absolute path."""
        path = os.path.join(self.work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def read(self, name):
        with open(os.path.join(self.work, name), encoding="utf-8") as file:
            return file.read()

    def start_emulator(self, scenario, *options, credentials=True):
        """An emulator that knows all of the made-up credentials above."""
        if credentials:
            options += ("--access-key", f"{ACCESS_KEY}:{SECRET_KEY}",
                        "--access-key", f"{TEMPORARY_KEY}:{TEMPORARY_SECRET}:{SESSION_TOKEN}",
                        "--api-key", API_KEY, "--bearer", BEARER)
        emulator = Emulator(self.folder(f"emulator{len(self.emulators)}"), scenario, options)
        self.emulators.append(emulator)
        self.addCleanup(emulator.stop)
        return emulator

    def env(self, url=None, **more):
        """A clean environment with signing keys; None removes a variable."""
        env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.home, "TMPDIR": self.temporary,
               "LANG": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1",
               "CLAUDE_CODE_USE_ANTHROPIC_AWS": "1", "ANTHROPIC_AWS_WORKSPACE_ID": WORKSPACE,
               "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
        if url:
            env["ANTHROPIC_AWS_BASE_URL"] = url
        for name, value in more.items():
            if value is None:
                env.pop(name, None)
            else:
                env[name] = value
        return env

    def start(self, *arguments, env, stdin=subprocess.DEVNULL, **options):
        started = Started([AWL, *arguments], env=env, cwd=self.work, stdin=stdin, **options)
        self.addCleanup(started.kill)
        return started

    def run_awl(self, *arguments, env, stdin=b"", limit=LIMIT_SECONDS):
        """Runs to the end with `stdin` piped in."""
        path = os.path.join(self.root, "stdin")
        with open(path, "wb") as file:
            file.write(stdin)
        with open(path, "rb") as file:
            return self.start(*arguments, env=env, stdin=file).end(limit)

    def ask(self, url, *arguments, prompt=PROMPT, **more):
        """One run with stream-json on stdout; `more` changes its environment."""
        return self.run_awl("-p", prompt, *STREAM, *arguments, env=self.env(url, **more))

    def play(self, scenario, *arguments, **more):
        """One run against a scenario of its own; returns it and its requests."""
        emulator = self.start_emulator(scenario)
        run = self.ask(emulator.url, *arguments, **more)
        return run, emulator.requests()

    def assert_success(self, run, answer=None):
        """Exactly one result, exit 0; with this text."""
        self.assertEqual(run.code, 0, run)
        self.assertEqual(len(run.results()), 1, run)
        result = run.results()[0]
        self.assertFalse(result["is_error"], run)
        self.assertEqual(result["subtype"], "success", run)
        if answer is not None:
            self.assertEqual(result["result"], answer, run)
        return result

    def assert_api_error(self, run, status, *words):
        """Exactly one result, that of a failed call, which says `words`; exit 1."""
        self.assertEqual(run.code, 1, run)
        self.assertEqual(len(run.results()), 1, run)
        result = run.results()[0]
        self.assertTrue(result["is_error"], run)
        self.assertEqual(result["subtype"], "success", run)
        self.assertEqual(result["api_error_status"], status, run)
        for word in words:
            self.assertIn(word, result["result"], run)
        return result["result"]

    def assert_no_secrets(self, run):
        for secret in (SECRET_KEY, TEMPORARY_SECRET, SESSION_TOKEN, API_KEY, BEARER):
            self.assertNotIn(secret, run.out + run.err)


def sent_results(request):
    """The tool_result blocks of the last message that a request carries, as sent."""
    content = request["body"]["messages"][-1]["content"]
    return [b for b in content if isinstance(b, dict) and b["type"] == "tool_result"]


def result_text(block):
    content = block["content"]
    return content if isinstance(content, str) else "\n".join(b.get("text", "") for b in content)


def sse(*events):
    """The bytes of an event stream; an event is an object or the text of its data."""
    parts = []
    for event in events:
        if isinstance(event, dict):
            parts.append(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n")
        else:
            parts.append(event)
    return "".join(parts)


def message_start(message_id="msg_e2e"):
    return {"type": "message_start", "message": {
        "id": message_id, "type": "message", "role": "assistant", "model": "claude-opus-4-7", "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 5, "output_tokens": 1}}}


def block_events(index, block, deltas):
    return [{"type": "content_block_start", "index": index, "content_block": block},
            *({"type": "content_block_delta", "index": index, "delta": d} for d in deltas),
            {"type": "content_block_stop", "index": index}]


def message_end(stop_reason="end_turn"):
    return [{"type": "message_delta", "delta": {"stop_reason": stop_reason, "stop_sequence": None},
             "usage": {"output_tokens": 7}}, {"type": "message_stop"}]


def find_processes(marker):
    """Ids of running processes whose command line holds `marker`; it has to be unique to a test."""
    found = []
    for name in filter(re.compile(r"\d+").fullmatch, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                command = file.read().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if marker in command and is_alive(int(name)) and int(name) != os.getpid():
            found.append(int(name))
    return found
