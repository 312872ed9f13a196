# SPDX-License-Identifier: MIT
"""Goal: --check finds every mistake, with file, line and the nearest word."""
import subprocess

MISTAKES = """[sigmund]
[program:web]
command = /bin/true
autorestart = always
startsecs = soon
[program:db]
command = /bin/true
stopwaitseconds = 5
stopsignal = TREM
user = no-such-user-here
"""

EXPECTED = [
    (4, "autorestart", "unexpected"),
    (5, "startsecs", "soon"),
    (8, "stopwaitseconds", "stopwaitsecs"),
    (9, "TREM", "TERM"),
    (10, "no-such-user-here", "user"),
]


def check(paths, ini, *more):
    return subprocess.run(
        [paths.sigmund, "-c", str(ini), "--check", *more],
        capture_output=True, text=True, timeout=20, check=False)


def test_five_mistakes_are_five_lines(paths, tmp_path):
    ini = tmp_path / "x.ini"
    ini.write_text(MISTAKES)
    p = check(paths, ini)
    assert p.returncode == 1
    assert p.stdout == ""
    seen = p.stderr.splitlines()
    assert len(seen) == 5, p.stderr
    for line, (number, *words) in zip(seen, EXPECTED):
        assert line.startswith("%s:%d: error: " % (ini, number)), line
        for word in words:
            assert word in line, line


def test_a_good_file_passes_without_a_word(paths, tmp_path):
    ini = tmp_path / "x.ini"
    ini.write_text("[sigmund]\n[program:web]\ncommand = /bin/true\n")
    p = check(paths, ini)
    assert (p.returncode, p.stdout, p.stderr) == (0, "", "")


def test_warnings_alone_are_no_failure(paths, tmp_path):
    ini = tmp_path / "x.ini"
    ini.write_text("[supervisord]\n[program:web]\ncommand = /bin/true\n"
                   "stopwaitseconds = 5\n")
    p = check(paths, ini)
    assert p.returncode == 0
    assert ":4: warning: " in p.stderr
    assert "stopwaitsecs" in p.stderr


def test_a_start_with_mistakes_starts_nothing(prepare):
    s = prepare("[program:web]\ncommand = /bin/true\n"
                "[program:db]\ncommand = /bin/true\nstopsignal = TREM\n")
    assert s.launch().exit_code() == 1
    assert s.said(r"sigmund\.ini:\d+: error: ")
    assert not s.said("started .pid")
