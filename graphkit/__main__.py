"""`python -m graphkit`: the command line."""

from __future__ import annotations

from graphkit.cli import main

main()
