"""Runs every *_test.py of this folder, E2E_JOBS (3) files at a time; finding none is a failure.

A file is run by a Python of its own, and what it printed is shown when it failed.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(__file__).parent
JOBS = int(os.environ.get("E2E_JOBS", "3"))


def run_file(path):
    """(file, count of tests, passed, output)"""
    done = subprocess.run([sys.executable, "-B", "-m", "unittest", path.stem], cwd=FOLDER, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    ran = re.search(r"^Ran (\d+) tests?", done.stdout, re.MULTILINE)
    count = int(ran[1]) if ran else 0
    return path, count, done.returncode == 0 and count > 0, done.stdout


def main():
    # The longest first, so that none is left alone at the end.
    paths = sorted(FOLDER.glob("*_test.py"), key=lambda path: -path.stat().st_size)
    total, failed = 0, []
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for path, count, passed, output in pool.map(run_file, paths):
            total += count
            if not passed:
                failed.append(path.name)
                print(f"== {path.name}\n{output}", flush=True)
    if total == 0:
        print("no test was found")
        return 1
    print(f"{total} tests in {len(paths)} files" + (f", failed: {', '.join(failed)}" if failed else ", all passed"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
