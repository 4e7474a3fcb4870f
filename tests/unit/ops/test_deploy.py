"""What stands in deploy/ fits the schemas of its tools and the names of this repository."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.cli.main import app
from bot.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
VERBS = {item.name or (item.callback and item.callback.__name__) for item in app.registered_commands}
SETTINGS = {name.upper() for name in Settings.model_fields}
OF_COMPOSE = {"SITE", "POSTGRES_PASSWORD"}


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf8"))


def ours() -> dict[str, dict[str, Any]]:
    return {name: item for name, item in compose()["services"].items() if item["image"] == "rotation-bot"}


def containers() -> Iterator[dict[str, Any]]:
    for path in MANIFESTS:
        for item in yaml.safe_load_all(path.read_text(encoding="utf8")):
            yield from item.get("spec", {}).get("template", {}).get("spec", {}).get("containers", ())


@pytest.mark.parametrize(
    ("schema", "files"), [("compose-spec", [DEPLOY / "compose.yaml"]), ("github-workflows", WORKFLOWS)]
)
def test_compose_and_workflows_fit_their_schemas(schema: str, files: list[Path]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout


def test_workflows_run_scripts_of_ours() -> None:
    steps = [
        step["run"]
        for path in WORKFLOWS
        for job in yaml.safe_load(path.read_text(encoding="utf8"))["jobs"].values()
        for step in job.get("steps", ())
        if "run" in step
    ]
    scripts = [ROOT / step.split()[0] for step in steps if step.startswith(".")]
    assert [path.name for path in scripts] == ["run", "setup.sh", "release"]
    assert all(os.access(path, os.X_OK) for path in scripts)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_a_manifest_fits_its_schema(path: Path) -> None:
    documents = list(yaml.safe_load_all(path.read_text(encoding="utf8")))
    assert documents
    for document in documents:
        kubernetes_validate.validate(document, "1.32", strict=True)


def test_every_manifest_is_in_the_base() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf8"))["resources"]
    assert sorted(listed) == [path.name for path in MANIFESTS]


def test_containers_run_commands_of_ours_with_settings_of_ours() -> None:
    started = [item["command"] for item in ours().values()] + [item["args"] for item in containers()]
    assert len(started) == 8
    for verb, *options in started:
        assert verb in VERBS
        assert set(options[1::2]) <= {"app", "engine", "actions"}
    base = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf8"))
    named = {line.split("=")[0] for item in base["configMapGenerator"] for line in item["literals"]}
    named |= {item["name"] for container in containers() for item in container.get("env", ())}
    named |= {name for item in ours().values() for name in item["environment"]}
    example = (DEPLOY / "compose.env.example").read_text(encoding="utf8")
    named |= set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) - OF_COMPOSE
    assert named <= SETTINGS


def test_settings_of_compose_and_kubernetes_go_together() -> None:
    for item in ours().values():
        given = {name.lower(): value for name, value in item["environment"].items()}
        settings = Settings(**given | {"secret_key": "x" * 40})
        assert settings.shares_locks
        if item["command"][-1] != "prepare":
            assert not settings.is_engine_open or "app" in item["command"]
    urls = "http://engine-0.engine:5005, http://engine-1.engine:5005"
    assert f"ENGINE_URLS={urls}" in (DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf8")


def test_containers_write_nowhere_but_into_var_and_have_no_rights() -> None:
    for item in ours().values():
        assert item["read_only"] is True
        assert item["cap_drop"] == ["ALL"]
        assert item["volumes"] == ["var:/var/lib/rotation-bot"]
    found = list(containers())
    assert len(found) == 3
    for container in found:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/var/lib/rotation-bot", "/tmp"}


def test_the_image_is_made_by_the_setup_script_and_is_nobodys_root() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf8").splitlines()
    assert any(line.startswith("RUN ./setup.sh") for line in lines)
    assert "USER 10001" in lines
    (entry,) = (line for line in lines if line.startswith("ENTRYPOINT"))
    program = shlex.split(entry.replace("[", " ").replace("]", " ").replace(",", " "))[-1]
    assert Path(program).relative_to("/opt/rotation-bot") == Path(".venv/bin/bot")
