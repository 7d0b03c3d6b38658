"""ending: a process that is asked to end, and killed when it does not."""
import subprocess


def end(process, seconds=10):
    """SIGTERM, and SIGKILL after `seconds`; one that is gone already is fine."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
