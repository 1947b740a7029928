"""Proposals for a person to accept: names, cue words and quotation marks, and no model of the language.

What this room returns are guesses. Nothing of it gets into a graph before somebody has read it.
"""

from __future__ import annotations

from graphkit.curate.draft.coded import not_coded
from graphkit.curate.draft.cues import Cues, read_cues
from graphkit.curate.draft.head import draft_head
from graphkit.curate.draft.mentions import Names, read_names
from graphkit.curate.draft.propose import Draft, Proposal, draft
from graphkit.curate.draft.spell import spell

__all__ = ["Cues", "Draft", "Names", "Proposal", "draft", "draft_head", "not_coded", "read_cues", "read_names", "spell"]
