#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays a film over RTSP as GStreamer does, to whoever knows the password, from its start to each.

rtsp_server.py FILM USER:PASSWORD PORT FRAMES: FILM is AVI (motion JPEG) or MP4 (H.264); after so many
frames (0: all) nothing more comes, and the connection stays. PORT 0 is any. Says its port, and after
that nothing. Exit status 77: no GStreamer here.
"""

import sys
import threading

try:
    import gi
    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
except (ImportError, ValueError):
    sys.exit(77)

ROLE = "viewer"
PAYLOADS = {"avi": "avidemux ! rtpjpegpay", "mp4": "qtdemux ! rtph264pay"}


def hold_after(media, frames):
    """Lets the film's thread wait for ever once so many frames have passed."""
    passed = []

    def look_at(*_):
        passed.append(1)
        if len(passed) > frames:
            threading.Event().wait()
        return Gst.PadProbeReturn.OK

    payload = media.get_element().get_by_name("pay0")
    payload.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, look_at)


def factory_of(film, frames):
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(f"( filesrc location={film} ! {PAYLOADS[film[-3:]]} name=pay0 )")
    rights = GstRtspServer.RTSPPermissions.new()
    for right in ("access", "construct"):
        rights.add_permission_for_role(ROLE, f"media.factory.{right}", True)
    factory.set_permissions(rights)
    if frames > 0:
        factory.connect("media-configure", lambda _, media: hold_after(media, frames))
    return factory


def auth_of(who):
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth.new()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*who.split(":")), token)
    return auth


def main(film, who, port, frames):
    Gst.init(None)
    if not all(Gst.ElementFactory.find(name) for name in ("avidemux", "qtdemux", "rtpjpegpay", "rtph264pay")):
        return 77
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(port)
    server.set_auth(auth_of(who))
    server.get_mount_points().add_factory("/film", factory_of(film, int(frames)))
    if server.attach(None) == 0:
        return 1
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
