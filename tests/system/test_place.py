# SPDX-License-Identifier: MIT
"""Goal: it runs where others do not: nothing to write to, nobody's uid, no
root, a clock that jumps, a log that nobody reads."""
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile

import pytest

from harness import lines, read, status_field, wait

ROOT = os.geteuid() == 0


@pytest.fixture
def open_dir(paths):
    """A directory which everybody may enter and write to, with programs
    which everybody may execute in it."""
    d = tempfile.mkdtemp(prefix="sigmund-test-")
    os.chmod(d, 0o777)
    for name in ("sigmund", "sigctl", "puppet"):
        shutil.copy(getattr(paths, name), d)
        os.chmod(os.path.join(d, name), 0o755)
    yield d
    shutil.rmtree(d)


def wait_answer(cmd, what, code=0):
    """Until sigctl says so; return what it printed."""
    last = None

    def ask():
        nonlocal last
        last = subprocess.run(cmd, capture_output=True, text=True, timeout=20,
                              check=False)
        return last.returncode == code and last
    try:
        return wait(what, ask, step=0.1)
    except AssertionError as e:
        raise AssertionError("%s: %s" % (e, last)) from None


# B40
@pytest.mark.skipif(not ROOT, reason="needs root to become somebody else")
def test_nobodys_uid_without_rights_or_places_to_write(
        open_dir, prepare, have_namespaces):
    """Everything is read-only, the uid is in no passwd, there are no
    capabilities and no new privileges: PID 1 listens on an abstract socket,
    which sigctl finds, supervises, and ends with 0."""
    if not have_namespaces:
        pytest.skip("no namespaces here")
    ini = os.path.join(open_dir, "x.ini")
    with open(ini, "w", encoding="utf-8") as f:
        f.write("[sigmund]\n[program:web]\nstartsecs = 0\n"
                "command = sleep 1000\n")
    inside = ["setpriv", "--reuid", "54321", "--regid", "54321",
              "--clear-groups", "--no-new-privs", "--bounding-set", "-all",
              "--inh-caps", "-all"]
    script = ("mount -o remount,ro,bind / 2>/dev/null || "
              "{ mount --bind / / && mount -o remount,ro,bind /; }; "
              "mount -t tmpfs -o ro none /run; "
              "cd /; exec %s %s/sigmund -c %s" % (
                  " ".join(inside), open_dir, ini))
    s = prepare()
    s.command = lambda: [
        "unshare", "-pmf", "--mount-proc", "--kill-child", "--propagation",
        "private", "--", "sh", "-c", script]
    s.env = {"XDG_RUNTIME_DIR": None}
    s.launch()
    s.wait_said("control socket @sigmund/")
    s.pid = wait("sigmund", s.find_pid)
    enter = ["nsenter", "-t", str(s.pid), "-p", "-m", *inside,
             os.path.join(open_dir, "sigctl"), "-c", ini]
    p = wait_answer([*enter, "status", "--json"], "all as wanted")
    web, = json.loads(p.stdout)["services"]
    assert web["state"] == "RUNNING"
    p = subprocess.run([*enter, "restart", "web"], check=False, timeout=20)
    assert p.returncode == 0
    assert int(status_field(s.pid, "CapEff"), 16) == 0
    assert s.stop() == 0


@pytest.mark.skipif(not ROOT, reason="needs root to become somebody else")
def test_a_user_has_a_socket_of_its_own_in_its_runtime_directory(
        open_dir, prepare):
    """Made at the first start, for that user alone."""
    ini = os.path.join(open_dir, "x.ini")
    run = os.path.join(open_dir, "run")
    os.mkdir(run)
    os.chown(run, 54321, 54321)
    with open(ini, "w", encoding="utf-8") as f:
        f.write("[sigmund]\n[program:web]\nstartsecs = 0\n"
                "command = sleep 1000\n")
    as_user = ["setpriv", "--reuid", "54321", "--regid", "54321",
               "--clear-groups"]
    s = prepare(env={"XDG_RUNTIME_DIR": run})
    s.command = lambda: [*as_user, os.path.join(open_dir, "sigmund"),
                         "-c", ini]
    s.popen = {"cwd": "/"}
    s.launch()
    sock = os.path.join(run, "sigmund", "control.sock")
    wait("the socket", lambda: os.path.exists(sock))
    st = os.stat(sock)
    assert stat.S_IMODE(st.st_mode) == 0o600
    assert st.st_uid == 54321
    wait_answer(["env", "XDG_RUNTIME_DIR=" + run, *as_user,
                 os.path.join(open_dir, "sigctl"), "-c", ini, "status"],
                "all as wanted")
    # Somebody else may not.
    p = subprocess.run(
        ["setpriv", "--reuid", "54322", "--regid", "54322", "--clear-groups",
         os.path.join(open_dir, "sigctl"), "-s", sock, "status"],
        capture_output=True, text=True, check=False, timeout=20)
    assert p.returncode == 5
    assert s.stop() == 0


def test_the_socket_has_the_mode_which_it_shall_have(start, puppet):
    """Whatever the umask: 0600, or what socket_mode says."""
    text = "[program:web]\nstartsecs = 0\ncommand = " + puppet("wait")
    s = start(text, popen={"preexec_fn": lambda: os.umask(0)})
    assert stat.S_IMODE(os.stat(s.socket).st_mode) == 0o600
    s = start(text, main="socket_mode = 0660\n",
              popen={"preexec_fn": lambda: os.umask(0o777)})
    assert stat.S_IMODE(os.stat(s.socket).st_mode) == 0o660


# B23
@pytest.mark.skipif(not ROOT, reason="needs a time namespace")
def test_the_monotonic_clock_of_a_container_is_good_enough(
        prepare, puppet, tmp_path, slow):
    """In a time namespace, days ahead: delays are as they are elsewhere."""
    if subprocess.run(["unshare", "-T", "--monotonic", "1000000", "true"],
                      stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("no time namespaces")
    s = prepare("[program:bad]\nstartretries = 2\ncommand = "
                + puppet("stamp %s/t exit 1" % tmp_path),
                wrap=["unshare", "-T", "--monotonic", "1000000",
                      "--boottime", "1000000", "--fork", "--kill-child"])
    s.launch().ready()
    s.wait_state("bad", "FATAL")
    stamps = [int(line) for line in lines(tmp_path / "t")]
    assert len(stamps) == 3
    assert 990 <= stamps[1] - stamps[0] <= 1000 + 150 * slow
    assert 2990 <= stamps[2] - stamps[0] <= 3000 + 200 * slow


# B18 (our own log)
def test_a_log_which_nobody_reads_stops_nothing(prepare, puppet, slow):
    """stderr is a pipe, full, with nobody at its end: sigmund supervises and
    answers, and says afterwards how many lines it could not write."""
    r, w = os.pipe()
    s = prepare("""
[program:web]
startsecs = 0
command = %s
[program:noisy]
startsecs = 0
autorestart = true
numprocs = 50
process_name = n%%(process_num)d
command = %s
""" % (puppet("wait"), puppet("wait")), popen={"stderr": w, "stdout": w})
    s.launch().ready()
    os.close(w)
    s.wait_all()
    for _ in range(30):
        s.ask("restart", names=["noisy:*"])
        s.wait_status("all new", lambda st: all(
            x["state"] == "RUNNING" for x in st.values()))
    pid = s.service("web")["pid"]
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("web", pid)
    os.set_blocking(r, False)
    said = b""

    def drained():
        nonlocal said
        while True:
            try:
                more = os.read(r, 65536)
            except BlockingIOError:
                break
            if not more:
                break
            said += more
        s.send(signal.SIGUSR1)
        return b"could not be written" in said or b"dropped" in said
    wait("what was dropped is said", drained)
    assert s.stop() == 0
    os.close(r)


def test_a_log_whose_reader_is_gone_stops_nothing(prepare, puppet):
    """EPIPE, and no SIGPIPE."""
    r, w = os.pipe()
    s = prepare("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"),
                popen={"stderr": w})
    s.launch().ready()
    os.close(w)
    os.close(r)
    pid = s.wait_state("web", "RUNNING")["pid"]
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("web", pid)
    assert s.stop() == 0


def test_a_full_disk_below_the_log_stops_nothing(prepare, puppet):
    with open("/dev/full", "wb") as full:
        s = prepare("[program:web]\nstartsecs = 0\ncommand = "
                    + puppet("wait"), popen={"stderr": full})
        s.launch().ready()
    pid = s.wait_state("web", "RUNNING")["pid"]
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("web", pid)
    assert s.stop() == 0


# B47
def test_a_hog_is_killed_and_sigmund_is_not(start, puppet):
    """The OOM killer's choice is the kernel's; what we say of it is ours:
    killed by KILL, not expected, and it is started again."""
    s = start("[program:hog]\nstartsecs = 0\ncommand = " + puppet("wait"))
    pid = s.wait_state("hog", "RUNNING")["pid"]
    assert read("/proc/%d/oom_score_adj" % pid) == \
        read("/proc/self/oom_score_adj")
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("hog", pid)
    assert s.said("hog: killed by KILL .*not expected; restarting")
