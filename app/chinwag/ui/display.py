"""Whether a screen answers, asked before Qt is: Qt ends the process when there is none."""

import ctypes
import ctypes.util
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

WAYLAND_SECONDS = 2.0


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """True when a window can be shown.

    Off X11 and Wayland there is always one. A platform named in QT_QPA_PLATFORM that needs no
    screen counts as none: the person, or a test, asked for it.
    """
    platform = environment.get("QT_QPA_PLATFORM", "").split(":", 1)[0]
    if platform in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    wayland, display = environment.get("WAYLAND_DISPLAY"), environment.get("DISPLAY")
    if wayland and _wayland_answers(environment.get("XDG_RUNTIME_DIR", ""), wayland):
        return True
    return bool(display) and _x_answers(display or "")


def _wayland_answers(runtime: str, name: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(WAYLAND_SECONDS)
            peer.connect(str(Path(runtime) / name))
    except OSError:
        return False
    return True


def _x_answers(display: str) -> bool:
    """Whether the X server lets us in, asked through the library that Qt itself uses."""
    found = ctypes.util.find_library("xcb")
    if found is None:
        return False
    try:
        xcb = ctypes.CDLL(found)
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    is_refused = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not is_refused
