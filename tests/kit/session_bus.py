"""session_bus: a private session bus and accessibility bus, both on sockets that have a path.

A program without network reaches a unix socket only by its path, so neither bus may use an abstract one; and
tests that run side by side must not see each other's programs. Use before any import of gi.repository.Atspi:
the environment of this process is set too.
"""
import os
import signal
import subprocess
import time

import ending

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><keep_umask/><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<standard_session_servicedirs/>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


class SessionBus:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, mode=0o700, exist_ok=True)

    def __enter__(self):
        runtime = os.path.join(self.folder, "runtime")
        os.makedirs(runtime, mode=0o700, exist_ok=True)
        configuration = os.path.join(self.folder, "bus.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(folder=self.folder))
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/bus", "XDG_RUNTIME_DIR": runtime,
                            "GSETTINGS_BACKEND": "memory", "XDG_DATA_HOME": runtime, "XDG_CONFIG_HOME": runtime,
                            "XDG_CACHE_HOME": runtime}
        env = {**os.environ, **self.environment}
        for name in ("DBUS_SYSTEM_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
            env.pop(name, None)
        self.log = open(os.path.join(self.folder, "bus.out"), "w")
        self.bus = subprocess.Popen(["dbus-daemon", "--config-file=" + configuration, "--nofork", "--nopidfile"],
                                    env=env, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not os.path.exists(self.folder + "/bus"):
            if time.monotonic() > deadline or self.bus.poll() is not None:
                raise RuntimeError("the session bus did not start; see " + self.folder + "/bus.out")
            time.sleep(0.01)
        self.accessibility = subprocess.Popen(
            ["/usr/libexec/at-spi-bus-launcher", "--launch-immediately", "--a11y=1"], env=env, stdout=self.log,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        os.environ.update(self.environment)
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.accessibility.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        for process in (self.accessibility, self.bus):
            ending.end(process)
        self.log.close()
