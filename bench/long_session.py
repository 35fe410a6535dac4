#!/usr/bin/env python3
"""What going on with a very long session costs: long_session.py [BUILD_FOLDER]

Writes a transcript of 100 MB with 40 compactions, of which the last 2 MB are alive, into a temporary home, resumes it
five times against the emulator, and prints CPU time, wall time to the end of the run, and the largest resident set.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build/release"
AWL, EMULATOR = f"{BUILD}/apps/cli/awl", f"{BUILD}/apps/emulator/awl-emulator"
COMPACTIONS, ROUNDS, LAST_ROUNDS, LINES = 40, 90, 62, 90


class Transcript:
    def __init__(self, file, folder):
        self.file, self.folder, self.last, self.session = file, folder, None, str(uuid.uuid4())

    def record(self, kind, **fields):
        own = str(uuid.uuid4())
        self.file.write(json.dumps({
            "type": kind, "uuid": own, "parentUuid": self.last, "isSidechain": False, "sessionId": self.session,
            "cwd": self.folder, "version": "2.1.197", "gitBranch": "", "timestamp": "2026-01-01T00:00:00.000Z",
            "userType": "external", "entrypoint": "cli", **fields}, separators=(",", ":")) + "\n")
        self.last = own

    def answer(self, message, block):
        self.record("assistant", message={"id": message, "type": "message", "role": "assistant", "model": "claude-opus-5",
                                          "content": [block], "stop_reason": None, "stop_sequence": None,
                                          "usage": {"input_tokens": 5, "output_tokens": 1}})

    def rounds(self, count):
        for _ in range(count):
            message = "msg_" + uuid.uuid4().hex
            self.answer(message, {"type": "text", "text": "One more look at the file."})
            calls = ["toolu_" + uuid.uuid4().hex for _ in range(4)]
            for call in calls:
                self.answer(message, {"type": "tool_use", "id": call, "name": "Read",
                                      "input": {"file_path": f"{self.folder}/a.txt", "offset": 3, "limit": 4}})
            for call in calls:
                text = "1\ta line of the file that was read\n" * LINES
                self.record("user", message={"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": call, "content": text}]},
                    toolUseResult={"type": "text", "file": {"content": text}})

    def compaction(self):
        before, self.last = self.last, None
        self.record("system", subtype="compact_boundary", content="Conversation compacted", logicalParentUuid=before,
                    compactMetadata={"trigger": "auto", "preTokens": 1000})
        self.record("user", isCompactSummary=True, message={"role": "user", "content": [{"type": "text", "text": "A summary."}]})


def write_transcript(home, work):
    folder = os.path.join(home, ".claude/projects", re.sub("[^A-Za-z0-9]", "-", work))
    os.makedirs(folder)
    name = str(uuid.uuid4())
    with open(os.path.join(folder, name + ".jsonl"), "w", encoding="utf-8") as file:
        transcript = Transcript(file, work)
        transcript.record("user", message={"role": "user", "content": "Look at the file."})
        for _ in range(COMPACTIONS):
            transcript.rounds(ROUNDS)
            transcript.compaction()
        alive = file.tell()
        transcript.rounds(LAST_ROUNDS)
        transcript.answer("msg_end", {"type": "text", "text": "Done."})
        return file.tell(), file.tell() - alive


def main():
    with tempfile.TemporaryDirectory(prefix="awl-long-") as root:
        home, work = os.path.join(root, "home"), os.path.join(root, "work")
        os.makedirs(home), os.makedirs(work)
        size, alive = write_transcript(home, os.path.realpath(work))
        port_file, scenario = os.path.join(root, "port"), os.path.join(root, "scenario.json")
        with open(scenario, "w", encoding="utf-8") as file:
            json.dump({"rules": [{"when": {"has_tools": True}, "step": {"content": "Yes."}}],
                       "steps": [{"content": "Yes."}]}, file)
        emulator = subprocess.Popen([EMULATOR, "--port", "0", "--port-file", port_file, "--scenario", scenario,
                                     "--api-key", "key", "--workspace", "wrkspc_01Bench"], stdout=subprocess.DEVNULL)
        try:
            port = ""
            while not port:
                if emulator.poll() is not None:
                    sys.exit("the emulator ended")
                time.sleep(0.01)
                if os.path.exists(port_file):
                    with open(port_file, encoding="utf-8") as file:
                        port = file.read().strip()
            env = {"PATH": os.environ["PATH"], "HOME": home, "CLAUDE_CODE_USE_ANTHROPIC_AWS": "1", "AWS_REGION": "us-east-1",
                   "ANTHROPIC_AWS_WORKSPACE_ID": "wrkspc_01Bench", "ANTHROPIC_AWS_API_KEY": "key",
                   "ANTHROPIC_AWS_BASE_URL": f"http://127.0.0.1:{port}", "NO_PROXY": "127.0.0.1"}
            print(f"transcript {size / 1e6:.1f} MB, alive {alive / 1e6:.1f} MB")
            for _ in range(5):
                began = time.monotonic()
                run = subprocess.Popen([os.path.abspath(AWL), "-c", "-p", "hi"], cwd=work, env=env, stdout=subprocess.DEVNULL)
                _, status, used = os.wait4(run.pid, 0)
                print(f"exit {os.waitstatus_to_exitcode(status)}: {1000 * (used.ru_utime + used.ru_stime):.0f} ms CPU, "
                      f"{1000 * (time.monotonic() - began):.0f} ms wall, {used.ru_maxrss / 1024:.1f} MB")
        finally:
            emulator.terminate()
            emulator.wait()


if __name__ == "__main__":
    main()
