"""What an operator can mend is said in one sentence, with exit code 1 and without a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.errors import ContentError, EnvironmentMissingError, PortInUseError
from bot.ops import training
from bot.ops.supervisor import require_free_port
from bot.settings import ROOT, Settings, settings
from tests.running_app import wait_until


@pytest.fixture
def fresh_settings() -> Iterator[None]:
    """Settings that are read anew, here and by whoever comes next."""
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_command_ends_with_one_sentence_and_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli.main import main; main()", "migrate"],
        cwd=ROOT,
        env=os.environ | {"VAR": str(tmp_path), "BOT_PORT": "eighty"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("bot: The setting BOT_PORT cannot be read")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("environment", "cause"),
    [
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/bot"}, "The database cannot be used"),
        ({"DATABASE_URL": "nonsense"}, "The database cannot be used"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/bot.db"}, "The database cannot be used"),
        ({"BOT_PORT": "eighty"}, "The setting BOT_PORT cannot be read"),
        ({"BOT_TODAY": "tomorrow"}, "The setting BOT_TODAY cannot be read"),
        ({"REDIS_URL": "localhost:6379"}, "The setting REDIS_URL cannot be read"),
        ({"RATE_PER_ADDRESS": "many"}, "The setting RATE_PER_ADDRESS cannot be read"),
        ({"TELEGRAM_MODE": "pooling"}, "The setting TELEGRAM_MODE cannot be read"),
        ({"REVIEW_LOW_CONFIDENCE": "30"}, "The setting REVIEW_LOW_CONFIDENCE cannot be read"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    tmp_path: Path,
    environment: dict[str, str],
    cause: str,
    fresh_settings: None,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name, value in {"VAR": str(tmp_path), **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["bot", "migrate"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capfd.readouterr().err
    assert ended.value.code == 1
    assert said.startswith(f"bot: {cause}")
    assert len(said.strip().splitlines()) == 1


def test_a_port_in_use_names_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortInUseError, match="BOT_PORT"):
            require_free_port("127.0.0.1", taken.getsockname()[1], "BOT_PORT")


def test_training_ends_at_broken_content_and_leaves_neither_model_nor_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(var=tmp_path)  # type: ignore[call-arg]
    model, rasa = training.current(settings), tmp_path / "python"
    rasa.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\ntouch {model}\nexec sleep 600\n", encoding="utf8")
    rasa.chmod(0o755)

    def broken(_root: Path) -> list[str]:
        wait_until(model.exists)
        return ["data/rules.yml:3: broken"]

    monkeypatch.setattr(training, "ENGINE_PYTHON", rasa)
    monkeypatch.setattr(training, "check_training", broken)
    with pytest.raises(ContentError, match=r"data/rules\.yml:3"):
        training.train(settings)
    assert not model.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf8")), 0)


def test_a_missing_engine_environment_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "check_training", lambda _root: [])
    monkeypatch.setattr(training, "ENGINE_PYTHON", tmp_path / "python")
    with pytest.raises(EnvironmentMissingError, match="make setup"):
        training.train(Settings(var=tmp_path))  # type: ignore[call-arg]


def test_setup_without_python_310_says_what_to_install(tmp_path: Path) -> None:
    """A uv that knows no Python 3.10 and cannot fetch it, as on a machine without network."""
    uv = tmp_path / "uv"
    uv.write_text(
        '#!/bin/sh\ncase "$*" in *"python find"*|*"python install"*) exit 1;; esac\nexit 0\n', encoding="utf8"
    )
    uv.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", str(ROOT / "setup.sh")], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Python 3.10 was not found" in done.stderr
    assert "pyenv install 3.10" in done.stderr
