#!/usr/bin/python3
"""clang-tidy over every source that is compiled, with the checks of /.clang-tidy. Two at a time. What was found clean
is remembered in the build folder, until the source, any header of ours, its command, the checks or a package changes."""
import concurrent.futures
import hashlib
import json
import os
import subprocess
import tempfile

import tap

SOURCE, BUILD = os.environ["ONESTOP_SOURCE"], os.environ["ONESTOP_BUILD"]
CLEAN = BUILD + "/clang-tidy-clean"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def tidy(folder, path):
    """What it says of one file; nothing if it is clean. `folder` holds the commands."""
    done = subprocess.run(["clang-tidy", "--quiet", "-p", folder, "--config-file=" + SOURCE + "/.clang-tidy", path],
                          capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def commands():
    """One command a source: the fuzzers compile some a second time, with sanitizers."""
    found = {}
    for command in json.loads(read(BUILD + "/compile_commands.json")):
        path = os.path.normpath(os.path.join(command["directory"], command["file"]))
        if not path.startswith(BUILD + "/") and "-fsanitize=address,undefined" not in command["command"]:
            found[path] = {**command, "file": path}
        elif not path.startswith(BUILD + "/"):
            found.setdefault(path, {**command, "file": path})
    return found


def shared_by_all():
    headers = subprocess.check_output(["git", "-C", SOURCE, "ls-files", "-co", "--exclude-standard", "*.h"], text=True)
    state = hashlib.sha256(str(os.stat("/var/lib/dpkg/status").st_mtime_ns).encode())
    for path in [".clang-tidy", *headers.splitlines()]:
        if os.path.isfile(os.path.join(SOURCE, path)):
            state.update(hashlib.sha256(read(os.path.join(SOURCE, path))).digest() + path.encode())
    return state


@tap.test("clang-tidy finds nothing")
def _():
    shared, known, said = shared_by_all(), commands(), {}
    assert len(known) > 200, f"only {len(known)} sources are compiled"
    marks = {}
    for path, command in known.items():
        mark = shared.copy()
        mark.update(json.dumps(command, sort_keys=True).encode() + read(path))
        marks[path] = os.path.join(CLEAN, mark.hexdigest())
    os.makedirs(CLEAN, exist_ok=True)
    for old in os.listdir(CLEAN):
        if os.path.join(CLEAN, old) not in marks.values():
            os.unlink(os.path.join(CLEAN, old))
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        with open(folder + "/compile_commands.json", "w") as file:
            json.dump(list(known.values()), file)

        def look(path):
            said[path] = tidy(folder, path)
            if not said[path]:
                open(marks[path], "w").close()
        new = [path for path in known if not os.path.exists(marks[path])]
        list(pool.map(look, new))
    print(f"# {len(new)} of {len(known)} looked at, the others unchanged since they were clean")
    assert not any(said.values()), "\n".join(text for text in said.values() if text)


@tap.test("three planted bugs are found")
def _():
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/planted.c"
        with open(path, "w") as file:
            file.write("#include <stdlib.h>\n#include <string.h>\n"
                       "int same (const char *a, const char *b);\nint same (const char *a, const char *b)\n{\n"
                       "  if (strlen (a) == 0 || strlen (a) == 0)\n    return system (b);\n"
                       "  int *none = a == b ? NULL : (int *)malloc (4);\n  return *none;\n}\n")
        with open(folder + "/compile_commands.json", "w") as file:
            json.dump([{"directory": folder, "file": path, "command": "cc -c planted.c"}], file)
        found = tidy(folder, path)
        for name in ("misc-redundant-expression", "cert-env33-c", "clang-analyzer-core.NullDereference"):
            assert name in found, f"{name} is not in: {found}"


tap.main()
