"""Other people's programs from npm, for tests that compare. They are put below the build folder once and kept there;
where npm or its registry cannot be reached, the test is skipped."""
import fcntl
import json
import os
import shutil
import subprocess

import tap


def place(**versions):
    """The folder whose node_modules holds these packages: place(**{"json-logic-js": "2.0.5"})."""
    if not shutil.which("npm") or not shutil.which("node"):
        raise tap.Skip("no npm on this machine")
    folder = os.environ["ONESTOP_BUILD"] + "/peers"
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [name for name in versions if version(folder, name) != versions[name]]
        if missing:
            with open(folder + "/package.json", "a", encoding="utf-8") as file:
                if file.tell() == 0:
                    file.write('{"private": true}\n')
            answer = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                                     *(f"{name}@{versions[name]}" for name in missing)], cwd=folder, text=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
            if answer.returncode != 0:
                raise tap.Skip("npm cannot be reached: " + answer.stdout.strip().splitlines()[0])
    return folder


def version(folder, name):
    try:
        with open(f"{folder}/node_modules/{name}/package.json", encoding="utf-8") as file:
            return json.load(file)["version"]
    except OSError:
        return None


def node(folder, program, *words):
    """Runs `program` (ES module text) where the packages are found; what it wrote."""
    path = f"{folder}/{os.getpid()}.mjs"
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(program)
        return subprocess.run(["node", path, *words], stdout=subprocess.PIPE, text=True, check=True, timeout=900).stdout
    finally:
        os.unlink(path)
