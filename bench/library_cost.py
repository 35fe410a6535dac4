"""What loading each library behind libcurl costs: CPU milliseconds, those that others need first. One run a process."""
import ctypes
import subprocess
import sys
import time

LIBRARY = sys.argv[1] if len(sys.argv) > 1 else "/usr/lib/x86_64-linux-gnu/libcurl.so.4"


def needed(path):
    lines = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[1] for line in lines if line.strip().startswith("NEEDED")]


def main():
    listed = subprocess.run(["ldd", LIBRARY], capture_output=True, text=True, check=True).stdout.splitlines()
    places = {line.split()[0]: line.split()[2] for line in listed if "=>" in line}
    order = []

    def visit(path):
        for name in needed(path):
            if name in places and places[name] not in order:
                visit(places[name])
        if path not in order:
            order.append(path)

    visit(LIBRARY)
    for path in order:
        began = time.process_time_ns()
        ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
        print(f"{(time.process_time_ns() - began) / 1e6:6.2f} {path.rsplit('/', 1)[1]}")


main()
