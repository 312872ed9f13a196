# SPDX-License-Identifier: MIT
"""Goal: supervisord reads what we print of a file as it reads the file.

Its own reader is the judge; what a machine has to have (users, directories)
is taken for there.  Where we differ on purpose, DIFFERENCES says so.
"""
import glob
import os
import re
import shlex
import subprocess

import pytest

options = pytest.importorskip("supervisor.options")

# What supervisord damages is kept as it was written.
DIFFERENCES = {
    "077.conf": ("stdout_logfile", "stderr_logfile"),  # "" is NONE.
    "193.conf": ("environment",),  # $X stays $X.
}
PROGRAM = ("directory", "umask", "priority", "autostart", "autorestart",
           "startsecs", "startretries", "uid", "stopsignal", "stopwaitsecs",
           "stopasgroup", "killasgroup", "redirect_stderr", "environment",
           "stdout_logfile", "stdout_logfile_maxbytes",
           "stdout_logfile_backups", "stdout_syslog", "stderr_logfile",
           "stderr_logfile_maxbytes", "stderr_logfile_backups",
           "stderr_syslog")


@pytest.fixture(autouse=True)
def any_machine(monkeypatch):
    for name in ("existing_directory", "existing_dirpath"):
        monkeypatch.setattr(options, name, lambda value: value)
    monkeypatch.setattr("supervisor.datatypes.existing_dirpath",
                        lambda value: value)
    monkeypatch.setattr(options, "name_to_uid", lambda name: name)
    monkeypatch.setattr(options, "gid_for_uid", lambda name: name)


def judge(path, env):
    """All services of the file, as supervisord reads it."""
    reader = options.ServerOptions()
    reader.configfile = path
    reader.here = os.path.dirname(path)
    reader.environ_expansions = {"ENV_" + k: v for k, v in env.items()}
    reader.import_spec = lambda spec: spec
    services = {}
    for group in reader.read_config(path).process_group_configs:
        if isinstance(group, options.EventListenerPoolConfig):
            continue
        for process in group.process_configs:
            facts = {key: getattr(process, key) for key in PROGRAM}
            facts["exitcodes"] = sorted(set(process.exitcodes))
            facts["argv"] = shlex.split(process.command)
            facts["group_priority"] = group.priority
            services["%s:%s" % (group.name, process.name)] = facts
    return services


def variables(text):
    """A plausible value for each variable that the text wants."""
    env = {"PATH": "/usr/bin:/bin"}
    for name in re.findall(r"%\(ENV_(\w+)\)s", text):
        if re.search("AUTO|ENABLE|START", name):
            env[name] = "true"
        elif re.search("NUM|PROC|COUNT|WORKERS", name):
            env[name] = "2"
        else:
            env[name] = "v" + name.lower()
    return env


def compare(paths, tmp_path, text, allowed=(), may_be_refused=False):
    if "[supervisord]" not in text:
        text += "\n[supervisord]\n"
    env = variables(text)
    source, printed = tmp_path / "a.conf", tmp_path / "b.conf"
    source.write_text(text, errors="surrogateescape")
    try:
        wanted = judge(str(source), env)
    except ValueError:
        # What becomes of those which it refuses, corpus.sh judges.
        assert may_be_refused
        return
    golden = os.path.join(paths.builddir, "tests/golden/golden")
    ours = subprocess.run([golden, "--environ", str(source)], env=env,
                          check=False, capture_output=True)
    assert ours.returncode == 0, ours.stderr
    printed.write_bytes(ours.stdout)
    got = judge(str(printed), env)
    assert sorted(got) == sorted(wanted)
    for name, facts in wanted.items():
        for key, value in facts.items():
            if key not in allowed:
                assert got[name][key] == value, (name, key)


def corpus():
    where = os.environ.get("SIGMUND_CORPUS")
    return sorted(glob.glob(os.path.join(where, "*.conf"))) if where else []


@pytest.mark.skipif(not corpus(), reason="SIGMUND_CORPUS names no files")
@pytest.mark.parametrize("path", corpus(),
                         ids=lambda path: os.path.basename(str(path)))
def test_public_file(paths, tmp_path, path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    compare(paths, tmp_path, text, DIFFERENCES.get(os.path.basename(path), ()),
            may_be_refused=True)


BODIES = {
    "numprocs": "command=x %(process_num)d %(numprocs)s\nnumprocs=11\n"
                "numprocs_start=5\nprocess_name=%(group_name)s_"
                "%(process_num)03d\nenvironment=N=\"%(process_num)d\"\n"
                "stdout_logfile=/l/%(program_name)s-%(process_num)s\n",
    "quotes": "command=a \"b c\" 'd \\e' f\\ g \"\\\"h\\i\" %%j ''\n",
    "lines": "command=sh -c '\n  a\n\n  b ; c\n  d'\n  e\nautostart=false\n",
    "comments": "command=a;b c#d ; e\n; f\n# g\npriority=7 # h\n",
    "colons": "command: a = b\nSTARTSECS : 5\n",
    "words": "command=x\nautorestart=Yes\nstopsignal=sigusr1\numask=027\n"
             "exitcodes=1, 2,0\nstdout_logfile_maxbytes=2 mb\n"
             "stderr_logfile=off\nstopasgroup=on\n",
    "environment": "command=x %(ENV_B)s\nenvironment=A=\"x,y\",B='z z', "
                   "C=http://h:80/p-q_r.s,\n  D=\"\"\n",
    "syslog": "command=x\nstdout_logfile=syslog\nredirect_stderr=true\n"
              "stderr_logfile=/x\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_value(paths, tmp_path, name):
    compare(paths, tmp_path, "[program:web]\n" + BODIES[name])


def test_groups(paths, tmp_path):
    compare(paths, tmp_path, """
[supervisord]
environment=M="1",Z=main
[program:a]
command=a %(ENV_M)s
priority=3
[program:b]
command=b
environment=Z=own
[program:c]
command=c
[group:g]
programs=b, a
priority=-7
""")
