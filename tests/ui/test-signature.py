#!/usr/bin/python3
"""A fast signature by a true finger, and by a pointer: the pad keeps the points between two frames, too."""
import math
import os
import re
import select
import subprocess
import tempfile

import tap
import touch_screen

BUILD = os.environ["ONESTOP_BUILD"]
N = 240


def loops():
    """A fast hand: three loops over the pad."""
    return [(140 + 3.2 * i, 500 + 260 * math.sin(i / 12.0)) for i in range(N)]


def line(process):
    ready, _, _ = select.select([process.stdout], [], [], 20)
    assert ready, "nothing was said"
    return process.stdout.readline().decode()


def by_finger(screen, points):
    screen.stroke(points, pace=0.001)


def by_pen(screen, points):
    """A pen or a mouse: a pointer with its button down."""
    steps = [word for x, y in points for word in ("mousemove", str(int(x)), str(int(y)), "sleep", "0.001")]
    subprocess.run(["xdotool", *steps[:5], "mousedown", "1", *steps[5:], "mouseup", "1"],
                   env={**os.environ, **screen.environment()}, check=True)


def sign(how):
    """The points that a pad with slow frames keeps of a stroke of about 1000 points a second, and how many are lost."""
    with tempfile.TemporaryDirectory(prefix="onestop-sign-") as folder, touch_screen.TouchScreen(folder + "/screen") as screen:
        process = subprocess.Popen([BUILD + "/tests/ui/sign-here"], env={**os.environ, **screen.environment(), "G_DEBUG": "fatal-criticals"},
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            assert "ready" in line(process)
            select.select([], [], [], 1)
            how(screen, loops())
            points = [(int(x), int(y)) for x, y in re.findall(r"[ML](\d+) (\d+)", line(process))]
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()
    missed = [w for w in loops() if min(math.dist(w, p) for p in points) > 4]
    print(f"# {len(points)} points kept, {len(missed)} of {N} lost", flush=True)
    return points, missed


@tap.test("a fast stroke of a finger keeps its points, however slow the frames are")
def _():
    _, missed = sign(by_finger)
    assert len(missed) <= N // 20


@tap.test("a fast stroke of a pen does, too")
def _():
    _, missed = sign(by_pen)
    assert len(missed) <= N // 20


tap.main()
