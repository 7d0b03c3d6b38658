#!/usr/bin/python3
"""The main job from touch to city, as ./kiosk/run --headless-tour walks it, in a site of its own."""
import os
import subprocess
import tempfile

import tap

SOURCE = os.environ["ONESTOP_SOURCE"]


@tap.test("a visitor does the main job by touch; the city, the paper and independent programs agree")
def _():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["/usr/bin/python3", SOURCE + "/tests/e2e/tour.py", folder + "/site"], capture_output=True, text=True, timeout=800)
        for line in done.stdout.splitlines():
            print("# " + line, flush=True)
        assert done.returncode == 0, done.stderr[-6000:]


tap.main()
