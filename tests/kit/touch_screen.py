"""touch_screen: a screen of 1080x1920 with a real touch device, for end-to-end tests.

Xorg with the dummy video driver and the inputtest driver, which takes the place of a touch panel: what is
sent here arrives in the program as TouchBegin / TouchEnd of a touch device, as from a finger. Keys for the code
reader go through a keyboard of the same kind. Protocol: xf86-input-inputtest-protocol.h of Xorg 21.1.

    with TouchScreen(folder) as screen:
        screen.environment()      # what a program needs to draw here
        screen.tap(540, 960)
        screen.picture("a.png")
"""
import os
import select
import socket
import struct
import time

import plain_screen

CONFIGURATION = """
Section "ServerFlags"
 Option "AutoAddDevices" "false"
 Option "AutoEnableDevices" "false"
 Option "BlankTime" "0"
 Option "DontVTSwitch" "true"
EndSection
Section "Device"
 Identifier "card"
 Driver "dummy"
 VideoRam 65536
EndSection
Section "Monitor"
 Identifier "panel"
 HorizSync 5-1000
 VertRefresh 5-200
 Modeline "{width}x{height}" 182.0 {width} {w1} {w2} {w3} {height} {h1} {h2} {h3}
EndSection
Section "Screen"
 Identifier "screen"
 Device "card"
 Monitor "panel"
 DefaultDepth 24
 SubSection "Display"
  Depth 24
  Modes "{width}x{height}"
  Virtual {width} {height}
 EndSubSection
EndSection
Section "InputDevice"
 Identifier "touch"
 Driver "inputtest"
 Option "SocketPath" "{folder}/touch.sock"
 Option "DeviceType" "Touch"
 Option "TouchCount" "10"
EndSection
Section "InputDevice"
 Identifier "pointer"
 Driver "inputtest"
 Option "SocketPath" "{folder}/pointer.sock"
 Option "DeviceType" "PointerAbsolute"
EndSection
Section "InputDevice"
 Identifier "keyboard"
 Driver "inputtest"
 Option "SocketPath" "{folder}/keyboard.sock"
 Option "DeviceType" "Keyboard"
EndSection
Section "ServerLayout"
 Identifier "layout"
 Screen "screen"
 InputDevice "pointer" "CorePointer"
 InputDevice "keyboard" "CoreKeyboard"
 InputDevice "touch"
EndSection
"""
VERSION, SYNC, KEY, TOUCH = 0, 1, 5, 6
BEGIN, UPDATE, END = 18, 19, 20        # XI_TouchBegin, XI_TouchUpdate, XI_TouchEnd
AXIS = 65535                           # the touch axes run 0..65535


class Device:
    """One input device of the server; the connection must stay open as long as the server runs."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                select.select([], [], [], 0.02)
        self.socket.settimeout(10)
        self.send(VERSION, struct.pack("<HH", 1, 1))
        self._receive(12)

    def _receive(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise RuntimeError("the input device is gone")
            data += more
        return data

    def send(self, kind, payload):
        self.socket.sendall(struct.pack("<II", 8 + len(payload), kind) + payload)

    def wait(self):
        """Until the server has taken in all that was sent."""
        self.send(SYNC, b"")
        self._receive(8)


class TouchScreen(plain_screen.PlainScreen):
    def start(self):
        w, h = self.width, self.height
        configuration = os.path.join(self.folder, "xorg.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(width=w, height=h, w1=w + 48, w2=w + 160, w3=w + 320,
                                            h1=h + 1, h2=h + 4, h3=h + 40, folder=self.folder))
        self.start_server("/usr/lib/xorg/Xorg", "-config", configuration, "-logfile", os.path.join(self.folder, "xorg.log"),
                          "-novtswitch", "-sharevts", log="xorg.out")
        self.touches = Device(os.path.join(self.folder, "touch.sock"))
        self.keyboard = Device(os.path.join(self.folder, "keyboard.sock"))

    def _touch(self, finger, kind, x, y):
        values = [0.0] * 64
        values[0], values[1] = x * AXIS / self.width, y * AXIS / self.height
        mask = bytes([3, 0, 0, 0, 0, 0, 0, 0])
        # header (8), touchid, type (8), then the valuators: has_unaccelerated, mask, values, unaccelerated
        self.touches.send(TOUCH, struct.pack("<II", finger, kind) + struct.pack("<I", 0) + mask
                          + struct.pack("<I", 0) + struct.pack("<64d", *values) + struct.pack("<64d", *([0.0] * 64)))

    def tap(self, x, y, hold=0.03):
        self._touch(1, BEGIN, x, y)
        self.touches.wait()
        select.select([], [], [], hold)      # a finger stays a moment
        self._touch(1, END, x, y)
        self.touches.wait()

    def stroke(self, points, finger=1, pace=0.0, rest=0.0):
        """A finger drawn over the points [(x, y), ...], `pace` seconds apart; `rest` seconds still before it lifts."""
        self._touch(finger, BEGIN, *points[0])
        for x, y in points[1:]:
            self._touch(finger, UPDATE, x, y)
            self.touches.wait()
            select.select([], [], [], pace)
        if rest:
            select.select([], [], [], rest)
            self._touch(finger, UPDATE, points[-1][0], points[-1][1] + 1)
            self.touches.wait()
        self._touch(finger, END, *points[-1])
        self.touches.wait()

    def key(self, code, press):
        """An X key code (evdev + 8) down or up."""
        self.keyboard.send(KEY, struct.pack("<iI", code, 1 if press else 0))
