"""A person at a terminal: awl under a pty, what it shows, and keys."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import support

ENTER, ESCAPE, UP, DOWN, BACK_TAB = "\r", "\x1b", "\x1b[A", "\x1b[B", "\x1b[Z"
CONTROL_C, CONTROL_D = "\x03", "\x04"

SEQUENCE = re.compile(r"\x1b(\[[0-9;?<>=]*[A-Za-z]|.)")


class Terminal:
    """`shown` is all that was written so far, without escape sequences: what scrolled away, and every drawing of the rest."""

    def __init__(self, arguments, environment, folder, columns=100, rows=40):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.process = subprocess.Popen([support.AWL, *arguments], stdin=slave, stdout=slave, stderr=slave, cwd=folder,
                                        env=environment, start_new_session=True)
        self.slave = slave
        self.raw = b""
        self.seen = 0

    @property
    def shown(self):
        return SEQUENCE.sub("", self.raw.decode("utf-8", "replace")).replace("\r", "")

    def read(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.raw += data
        return bool(data)

    def wait_for(self, words, limit=support.LIMIT_SECONDS):
        """Until `words` are shown after what the last call waited for."""
        deadline = time.monotonic() + limit
        while True:
            at = self.shown.find(words, self.seen)
            if at >= 0:
                self.seen = at + len(words)
                return self
            if time.monotonic() > deadline or (not self.read(0.1) and self.process.poll() is not None):
                raise AssertionError(f"{words!r} was not shown after:\n{self.shown[:self.seen][-300:]}\n----\n"
                                     f"{self.shown[self.seen:]}")

    def press(self, keys):
        os.write(self.master, keys.encode())
        return self

    def resize(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    def wait(self, limit=support.LIMIT_SECONDS):
        """The exit code; what is still written is read meanwhile."""
        deadline = time.monotonic() + limit
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.05)
        while self.read(0):
            pass
        if self.process.poll() is None:
            raise AssertionError(f"awl did not end:\n{self.shown[-500:]}")
        return self.process.returncode

    def is_as_before(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)
