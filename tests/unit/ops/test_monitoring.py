"""The dashboard and the alert rules in deploy/ ask for metrics, labels and outcomes that the bot has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot import observability
from bot.settings import ROOT

DEPLOY = ROOT / "deploy"
ASKED = re.compile(r"(bot_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"by \(([^)]*)\)")
SERIES = {"counter": "_total", "gauge": "", "histogram": "_bucket"}
OF_PROMETHEUS = {"le", "instance", "job"}


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf8"))["groups"]
    return list(group["rules"])


def shown() -> list[str]:
    board = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text(encoding="utf8"))
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def metrics() -> dict[str, set[str]]:
    """Every series of ours with its labels."""
    found: dict[str, set[str]] = {}
    for metric in vars(observability).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            found[family.name + SERIES[family.type]] = set(metric._labelnames)
    return found


def expressions() -> Iterator[str]:
    yield from shown()
    yield from (alert["expr"] for alert in alerts())


def test_what_is_asked_for_is_measured() -> None:
    known, wrong = metrics(), []
    for expression in expressions():
        for name, filters in ASKED.findall(expression):
            asked = {item.partition("=")[0].rstrip("!").strip() for item in filters.split(",") if item}
            asked |= {label.strip() for group in GROUPED.findall(expression) for label in group.split(",")}
            if name not in known or not asked <= known[name] | OF_PROMETHEUS:
                wrong.append(expression)
    assert wrong == []


def test_every_metric_is_on_the_dashboard() -> None:
    drawn = {name for expression in shown() for name, _ in ASKED.findall(expression)}
    assert metrics().keys() - drawn == set()


def test_an_alert_says_what_it_means_and_what_to_do() -> None:
    assert len(alerts()) >= 5
    for alert in alerts():
        assert alert["labels"]["severity"] in {"page", "ticket"}
        assert set(alert["annotations"]) == {"summary", "description"}
