# SPDX-License-Identifier: MIT
"""sigmund as the PID 1 of a real container: one command under runc.

The root file system is made of this machine's /usr and /etc, read-only.
"""
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import time
import uuid

import pytest

DEADLINE_S = 40
MOUNTS = [
    ("/proc", "proc", "proc", []),
    ("/dev", "tmpfs", "tmpfs", ["nosuid", "mode=755", "size=65536k"]),
    ("/dev/pts", "devpts", "devpts", [
        "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
    ("/usr", "bind", "/usr", ["rbind", "ro"]),
    ("/etc", "bind", "/etc", ["rbind", "ro"]),
]


def config(args, binds, uid=0, terminal=False):
    return {
        "ociVersion": "1.0.0",
        "process": {
            "terminal": terminal,
            "user": {"uid": uid, "gid": uid},
            "args": [str(a) for a in args],
            "env": ["PATH=/usr/bin:/bin", "TERM=dumb"],
            "cwd": "/",
            "capabilities": {},
            "noNewPrivileges": True,
        },
        "root": {"path": "rootfs", "readonly": True},
        "mounts": [{"destination": d, "type": t, "source": s, "options": o}
                   for d, t, s, o in MOUNTS + binds],
        "linux": {"namespaces": [{"type": t} for t in (
            "pid", "ipc", "uts", "mount", "network")]},
    }


def make_bundle(path, sigmund, args, **how):
    root = path / "rootfs"
    for name in ("usr", "etc", "proc", "dev", "shared"):
        (root / name).mkdir(parents=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        if os.path.islink("/" + name):
            (root / name).symlink_to("usr/" + name)
        elif os.path.isdir("/" + name):
            pytest.skip("/%s is no link into /usr" % name)
    shutil.copy(sigmund, root / "sigmund")
    shared = path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    (path / "config.json").write_text(json.dumps(config(
        ["/sigmund", *args],
        [("/shared", "bind", str(shared), ["rbind", "rw"])], **how)))
    return shared


class Container:
    def __init__(self, path, sigmund, args, **how):
        self.name = "sigmund-" + uuid.uuid4().hex[:12]
        self.path = path
        self.state = path / "state"
        self.shared = make_bundle(path, sigmund, args, **how)

    def argv(self, *args):
        return ["runc", "--root", str(self.state), *args]

    def run_argv(self):
        return self.argv("run", "-b", str(self.path), self.name)

    def run(self):
        return subprocess.run(
            self.run_argv(), stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=DEADLINE_S, check=False)

    def start(self):
        return subprocess.Popen(
            self.run_argv(), stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def kill(self, name):
        subprocess.run(self.argv("kill", self.name, name), check=True,
                       timeout=DEADLINE_S)

    def wait_file(self, name, text):
        end = time.monotonic() + DEADLINE_S
        path = self.shared / name
        while not path.exists() or text not in path.read_text():
            assert time.monotonic() < end, "no %r in %s" % (text, name)
            time.sleep(0.01)
        return path.read_text()

    def delete(self):
        subprocess.run(self.argv("delete", "--force", self.name),
                       capture_output=True, timeout=DEADLINE_S, check=False)


@pytest.fixture
def container(paths, tmp_path):
    if shutil.which("runc") is None:
        pytest.skip("there is no runc")
    if paths.sanitizers:
        pytest.skip("the libraries of sanitizers are not in the container")
    probe = tmp_path / "probe"
    probe.mkdir()
    made = [Container(probe, paths.sigmund, ["--version"])]
    p = made[0].run()
    made[0].delete()
    if p.returncode != 0:
        pytest.skip("runc does not run here: " + p.stderr.strip())

    def make(*args, **how):
        path = tmp_path / ("container%d" % len(made))
        path.mkdir()
        made.append(Container(path, paths.sigmund, args, **how))
        return made[-1]
    yield make
    for c in made[1:]:
        c.delete()


def test_exits_with_the_code_of_the_command(container):
    for code in (0, 1, 42, 255):
        assert container("--", "sh", "-c",
                         "exit %d" % code).run().returncode == code


def test_sigmund_is_pid_1_and_reaps(container):
    p = container("-w", "--", "sh", "-c",
                  "cat /proc/1/comm; (sh -c 'exit 3' &); sleep 0.3").run()
    assert p.stdout == "sigmund\n"
    assert "(sh): exit 3" in p.stderr
    assert p.returncode == 0


def test_a_stop_of_the_container_reaches_the_command(container):
    c = container("--", "sh", "-c", "trap 'exit 7' TERM; echo up >/shared/f; "
                  "while :; do sleep 0.05; done")
    with c.start() as p:
        c.wait_file("f", "up")
        c.kill("TERM")
        p.communicate(timeout=DEADLINE_S)
    assert p.returncode == 7


def test_every_kind_of_signal_passes(container):
    c = container("--", "bash", "-c", "for s in HUP USR1 SEGV RTMIN+4; do "
                  "trap \"echo $s >>/shared/f\" $s; done; echo up >/shared/f;"
                  " while :; do sleep 0.05; done")
    with c.start() as p:
        c.wait_file("f", "up")
        for number, name in ((1, "HUP"), (10, "USR1"), (11, "SEGV"),
                             (38, "RTMIN+4")):
            c.kill(str(number))
            c.wait_file("f", name)
        c.kill("TERM")
        p.communicate(timeout=DEADLINE_S)
    assert p.returncode == 143


def test_an_orphan_has_time_to_clean_up(container):
    c = container(
        "--", "sh", "-c",
        "(sh -c \"trap 'sleep 0.5; echo clean >>/shared/f; exit' TERM; "
        "echo up >/shared/f; while :; do sleep 0.02; done\" &); "
        "until grep -qs up /shared/f; do sleep 0.01; done; exit 9")
    assert c.run().returncode == 9
    assert (c.shared / "f").read_text() == "up\nclean\n"


def test_a_stopped_command_ends_with_the_container(container):
    c = container("--", "sh", "-c", "echo up >/shared/f; kill -STOP $$; "
                  "while :; do sleep 1; done")
    with c.start() as p:
        c.wait_file("f", "up")
        c.kill("TERM")
        p.communicate(timeout=DEADLINE_S)
    assert p.returncode == 143


def test_as_a_user_without_a_name_and_a_root_which_is_read_only(container):
    p = container("--", "sh", "-c", "id -u; touch /x 2>/dev/null || exit 5",
                  uid=54321).run()
    assert (p.returncode, p.stdout) == (5, "54321\n")


def test_a_missing_command_is_127(container):
    p = container("--", "no-such-command").run()
    assert p.returncode == 127
    assert "sigmund: cannot execute no-such-command" in p.stderr


def test_ctrl_c_on_the_terminal_of_a_container(container):
    c = container("--", "sh", "-c", "trap 'echo heard; exit 6' INT; echo up; "
                  "while :; do sleep 0.05; done", terminal=True)
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.execvp("runc", c.run_argv())
        finally:
            os._exit(65)
    seen = b""
    end = time.monotonic() + DEADLINE_S
    typed = False
    try:
        while b"heard" not in seen:
            assert time.monotonic() < end, seen
            if select.select([fd], [], [], 0.1)[0]:
                seen += os.read(fd, 4096)
            if b"up" in seen and not typed:
                os.write(fd, b"\x03")
                typed = True
        status = os.waitpid(pid, 0)[1]
        pid = 0
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(fd)
    assert os.waitstatus_to_exitcode(status) == 6
