#!/usr/bin/python3
"""Runs test programs that speak TAP, two at a time whatever their suites, and counts what they said.

The programs are the tests that meson knows (C), and every executable tests/SUITE/test-*.py. A program that
crashes, says fewer tests than it planned, or outlives its time counts as one failure more. A program named
*-alone.py runs when nothing else does. The suite `sanitized` is unit and sync once more, from the build folder
BUILD-sanitized that tests/run makes.
"""
import argparse
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("suites", nargs="+")
options = parser.parse_args()
source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIME_LIMIT = {"e2e": 900, "fault": 900, "ui": 600, "lint": 900, "bench": 1800, "sanitized": 600}
# Our own leaks fail; what fontconfig and Berkeley DB keep to the end of a process is theirs.
SANITIZER = {"ONESTOP_SANITIZED": "1", "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1",
             "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
             "LSAN_OPTIONS": f"print_suppressions=0:suppressions={source}/tests/kit/not-our-leaks"}


def programs(suite):
    if suite == "sanitized":
        for inner in ("unit", "sync"):
            for _, name, command, env in programs_in(inner, os.path.abspath(options.build) + "-sanitized"):
                yield suite, f"{inner}/{name}", command, {**env, **SANITIZER}
    else:
        yield from programs_in(suite, os.path.abspath(options.build))


def programs_in(suite, build):
    known = json.loads(subprocess.check_output(["meson", "introspect", "--tests", build]))
    for test in known:
        if any(s.split(":")[-1] == suite for s in test["suite"]):
            yield suite, test["name"], test["cmd"], test["env"]
    folder = os.path.join(source, "tests", suite)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if re.fullmatch(r"test-[\w-]+\.py", name):
            env = {"ONESTOP_SOURCE": source, "ONESTOP_BUILD": build,
                   "ONESTOP_ASSETS": source + "/assets", "ONESTOP_LIBEXEC": build + "/bin",
                   "ONESTOP_TRANSLATIONS": build + "/assets/translations",
                   "PYTHONPATH": source + "/tests/kit", "PYTHONDONTWRITEBYTECODE": "1"}
            yield suite, name[5:-3], ["/usr/bin/python3", os.path.join(folder, name)], env


def run(suite, name, command, env):
    started = time.monotonic()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ONESTOP_")}
    said = tempfile.TemporaryFile("w+", errors="replace")
    process = subprocess.Popen(command, env={**clean, **env}, stdout=subprocess.PIPE, stderr=said,
                               stdin=subprocess.DEVNULL, text=True, errors="replace", start_new_session=True)
    late = False
    try:
        output, _ = process.communicate(timeout=TIME_LIMIT.get(suite, 180))
    except subprocess.TimeoutExpired:
        late = True
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    passed = failed = skipped = planned = 0
    skips = []
    for line in output.splitlines():
        plan = re.match(r"1\.\.(\d+)", line)
        if plan:
            planned = int(plan.group(1))
        elif line.startswith("not ok"):
            failed += 1
        elif line.startswith("ok"):
            reason = re.search(r"# SKIP\b\s*(.*)", line, re.I)
            if reason:
                skipped += 1
                skips.append(f"{name}: {re.sub(r'^ok [0-9]+ *-? *', '', line.split('#')[0]).strip()}: {reason.group(1)}")
            else:
                passed += 1
    problem = None
    if late:
        problem = "took too long"
    elif passed + failed + skipped < planned or planned == 0 and process.returncode == 0 and passed + skipped == 0:
        problem = f"said {passed + failed + skipped} of {planned} tests"
    elif process.returncode != 0 and failed == 0:
        problem = f"ended with {process.returncode}"
    if problem:
        failed += 1
    mark = "FAIL" if failed else "ok"
    print(f"{mark:4} {suite}/{name}: {passed} passed, {failed} failed, {skipped} skipped"
          f" ({time.monotonic() - started:.1f} s){'; ' + problem if problem else ''}", flush=True)
    if suite == "bench" and not failed:
        print("\n".join("    " + line for line in output.splitlines() if line.startswith("#")), flush=True)
    if failed:
        said.seek(0)
        print("\n".join("    " + line for line in output.splitlines()[-80:] + said.read()[-6000:].splitlines()), flush=True)
    said.close()
    return passed, failed, skipped, skips


found = [p for suite in options.suites for p in programs(suite)]
alone = [p for p in found if p[1].endswith("-alone")]
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    results = list(pool.map(lambda p: run(*p), [p for p in found if p not in alone]))
results += [run(*p) for p in alone]
total = [sum(result[i] for result in results) for i in range(3)]
skips = [reason for result in results for reason in result[3]]
for reason in skips:
    print("skipped", reason)
print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
sys.exit(1 if total[1] or not total[0] else 0)
