# SPDX-License-Identifier: MIT
"""A sigmund for sigctl's tests: answers each request by a script.

A script is a list of steps for one connection:
    dict      sent as a line of JSON
    bytes     sent as they are
    "read"    wait for a request line; it is kept in .requests
    "close"   close the connection
    "hang"    send nothing more until the client goes
"""
import json
import os
import socket
import threading


def service(name, state="RUNNING", **more):
    group, _, process = name.rpartition(":")
    s = {
        "name": name, "program": process, "group": group or process,
        "state": state, "want": "up",
        "pid": 41 if state in ("RUNNING", "STARTING", "STOPPING") else None,
        "ready": None, "healthy": None, "restarts": 0,
        "uptime_ms": 7391000 if state == "RUNNING" else None,
        "exit": None, "detail": None, "run": 5,
        "as_wanted": state == "RUNNING", "stuck": False,
    }
    s.update(more)
    return s


def reply(services=None, **more):
    r = {"id": 1, "ok": True}
    if services is not None:
        r["services"] = services
    r.update(more)
    return r


def event(s, kind="state"):
    return {"id": 1, "event": kind, "service": s}


class FakeServer:
    """Serves one script; use as a context."""

    def __init__(self, path, script):
        self.path = path
        self.script = script
        self.requests = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.listener.settimeout(30)
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        # Wakes accept() where no client ever came.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(30)
        self.listener.close()
        os.unlink(self.path)

    def serve(self):
        try:
            conn, _ = self.listener.accept()
        except OSError:
            return
        conn.settimeout(30)
        with conn, conn.makefile("rb") as lines:
            try:
                self.play(conn, lines)
            except OSError:
                pass

    def play(self, conn, lines):
        for step in self.script:
            if step == "read":
                self.requests.append(json.loads(lines.readline()))
            elif step == "hang":
                lines.read()
            elif step == "close":
                return
            elif isinstance(step, bytes):
                conn.sendall(step)
            else:
                conn.sendall(json.dumps(step).encode() + b"\n")
