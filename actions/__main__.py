"""The action server: `python -m actions`. One process on loopback; the SDK's own command forks workers and listens on
every address unless told otherwise.
"""

from __future__ import annotations

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from bot.observability import configure_logging
from bot.settings import settings


def main() -> None:
    """Serves all actions of this package until it is ended."""
    configure_logging()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    app.run(host="127.0.0.1", port=settings().actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
