# SPDX-License-Identifier: MIT
"""Servers which others wrote: their configuration, and one request each."""
import contextlib
import os
import shutil
import socket

import harness

PYTHON = "/usr/bin/python3"
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

NGINX = """
daemon off;
%(user)s
worker_processes 2;
pid %(dir)s/nginx.pid;
error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path %(dir)s/body;
	fastcgi_temp_path %(dir)s/fastcgi;
	proxy_temp_path %(dir)s/proxy;
	scgi_temp_path %(dir)s/scgi;
	uwsgi_temp_path %(dir)s/uwsgi;
	server {
		listen 127.0.0.1:%(port)d;
		location / { return 200 "hello from nginx\\n"; }
	}
}
"""

NODE = """
require("http").createServer((_, answer) => answer.end("hello from node\\n"))
    .listen(%(port)d, "127.0.0.1");
"""


def which(program):
    return shutil.which(program, path=PATH)


def free_port():
    """Nobody's at the moment, and likely to stay so."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def talk(port, request, until):
    """Send ${request}; return the answer once it has ${until}, or None."""
    answer = b""
    with contextlib.suppress(OSError), \
            socket.create_connection(("127.0.0.1", port), 2) as s:
        s.sendall(request)
        while until not in answer:
            piece = s.recv(4096)
            if not piece:
                break
            answer += piece
        return answer if until in answer else None
    return None


class Server:
    """One program of the INI."""
    name = "?"
    program = None

    def __init__(self, directory):
        self.dir = os.path.join(str(directory), self.name)
        os.makedirs(self.dir, exist_ok=True)
        self.port = free_port()
        self.setup()

    @classmethod
    def found(cls):
        return which(cls.program)

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w",
                  encoding="utf-8") as f:
            f.write(text % {
                "dir": self.dir, "port": self.port,
                "user": "user www-data;" if os.getuid() == 0 else ""})

    def setup(self):
        pass

    def command(self):
        raise NotImplementedError

    def section(self):
        return "\n[program:%s]\ncommand = %s\nstartsecs = 300ms\n" % (
            self.name, self.command())

    def serves(self):
        return talk(self.port, b"GET / HTTP/1.0\r\n\r\n",
                    b"hello from " + self.name.encode())


class Nginx(Server):
    name = "nginx"
    program = "nginx"

    def setup(self):
        self.write("nginx.conf", NGINX)

    def command(self):
        return "%s -e stderr -p %s -c %s/nginx.conf" % (
            which("nginx"), self.dir, self.dir)


class Redis(Server):
    name = "redis"
    program = "redis-server"

    def command(self):
        return "%s --bind 127.0.0.1 --port %d --dir %s --save ''" % (
            which("redis-server"), self.port, self.dir)

    def serves(self):
        return talk(self.port, b"PING\r\n", b"+PONG\r\n")


class Python(Server):
    name = "python"
    program = PYTHON

    def setup(self):
        self.write("index.html", "hello from python\n")

    def command(self):
        return "%s -m http.server --bind 127.0.0.1 --directory %s %d" % (
            PYTHON, self.dir, self.port)


class Node(Server):
    name = "node"
    program = "node"

    def setup(self):
        self.write("server.js", NODE)

    def command(self):
        return "%s %s/server.js" % (which("node"), self.dir)


ALL = (Nginx, Redis, Python, Node)


def ini(servers):
    return "".join(s.section() for s in servers)


def wait_served(server, slow=1):
    harness.wait("an answer of %s" % server.name, server.serves,
                 harness.DEADLINE_S * slow, 0.02)


def outer(sigmund, pid):
    """What is ${pid} to sigmund, as PID 1 perhaps, as we know it."""
    for p in harness.descendants(sigmund.pid):
        with contextlib.suppress(OSError, KeyError):
            if int(harness.status_field(p.pid, "NSpid").split()[-1]) == pid:
                return p.pid
    raise AssertionError("there is no pid %d" % pid)
