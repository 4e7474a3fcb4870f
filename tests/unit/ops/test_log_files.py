"""Logs stay small, lose no line when they are put aside, and outlive the processes that write them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.ops.log_files import LogFile, put_aside
from bot.ops.supervisor import Process, Supervisor

TALKATIVE = "import sys\nfor n in range(int(sys.argv[1])): print(f'line {n:06}', flush=n % 7 == 0)"
LINES = 5_000


def files(path: Path) -> list[Path]:
    """The newest last."""
    return sorted(path.parent.glob(f"{path.name}*"), key=lambda item: int(item.suffix[1:] or 0) if item != path else 0)[
        ::-1
    ]


def said(path: Path) -> list[str]:
    return [line for file in files(path) for line in file.read_text(encoding="utf8").splitlines()]


def follow(log: LogFile, *command: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen([sys.executable, "-c", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert child.stdout
    log.follow(child.stdout, "test").join(30)
    child.wait(10)
    return child


def test_nothing_is_lost_when_a_log_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "app.log"
    log = LogFile(path, largest=10_000, kept=100)
    follow(log, TALKATIVE, str(LINES))
    log.close()
    assert said(path) == [f"line {number:06}" for number in range(LINES)]
    assert len(files(path)) > 5
    assert all(file.stat().st_size <= 10_000 for file in files(path))


def test_a_fixed_number_of_files_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    log = LogFile(path, largest=1_000, kept=3)
    follow(log, TALKATIVE, str(LINES))
    log.close()
    assert [file.name for file in files(path)] == ["app.log.3", "app.log.2", "app.log.1", "app.log"]
    assert said(path)[-1] == f"line {LINES - 1:06}"


def test_the_last_words_of_a_killed_process_are_kept_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    log = LogFile(path)
    child = follow(log, "import os; print('half a li', end='', flush=True); os.kill(os.getpid(), 9)")
    assert child.returncode == -signal.SIGKILL
    follow(log, "print('and again')")
    log.close()
    assert said(path) == ["half a li", "and again"]


def test_bytes_that_are_no_text_and_endless_lines_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    log = LogFile(path)
    follow(log, "import sys; sys.stdout.buffer.write(b'\\xff\\n' + b'x' * 200_000 + b'\\nend\\n')")
    log.close()
    assert said(path)[-1] == "end"
    assert sum(map(len, said(path))) == 200_004


def test_a_full_disk_costs_lines_and_not_the_process(tmp_path: Path) -> None:
    log = LogFile(Path("/dev/full"))
    assert follow(log, TALKATIVE, "20000").returncode == 0


def test_what_a_supervised_process_says_is_written_down_and_private(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr)"]
    talking = Process("server", command, dict(os.environ), "http://127.0.0.1:9/", tmp_path / "logs" / "server.log")
    supervisor = Supervisor([talking], tmp_path, say=lambda _line: None)
    supervisor.start()
    assert talking.running is not None
    talking.running.wait(20)
    supervisor.stop()
    assert sorted(said(talking.log)) == ["err", "out"]


def test_a_large_log_is_put_aside_before_the_next_writes(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "review.log"
    for number in range(5):
        put_aside(path, largest=5, kept=2)
        with path.open("a", encoding="utf8") as output:
            output.write(f"search {number}\n")
    assert said(path) == ["search 2", "search 3", "search 4"]
