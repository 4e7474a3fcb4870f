"""`python -m bot.lint`: one line per finding, then what was looked at; exit code 1 when there are findings."""

from __future__ import annotations

import sys

from bot.lint import findings_of, read
from bot.settings import ROOT


def main() -> int:
    """Prints the findings and the counts."""
    content = read(ROOT)
    findings = findings_of(content)
    for finding in findings:
        print(finding)
    looked = ", ".join(f"{count} {name}" for name, count in content.counts().items())
    print(f"content: {looked}: {f'{len(findings)} findings' if findings else 'all well'}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
