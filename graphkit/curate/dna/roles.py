"""Which variable of a statement type gives the actor, the speaker, the concept and the qualifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphkit.curate.dna.database import DnaVariable
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import WorkspaceError

# Role to the names of variables that have it, in English and German.
ROLES = {
    "actor": ("organization", "organisation", "actor", "akteur"),
    "speaker": ("person", "speaker", "claimant"),
    "concept": ("concept", "claim", "frame", "konzept"),
    "qualifier": ("agreement", "qualifier", "position"),
}
_TYPES = {"qualifier": ("boolean", "integer")}


@dataclass(frozen=True, slots=True)
class Roles:
    """The variables of a statement type by role; None where it has none."""

    actor: DnaVariable | None
    speaker: DnaVariable | None
    concept: DnaVariable | None
    qualifier: DnaVariable | None

    def __str__(self) -> str:
        found = ((role, getattr(self, role)) for role in ROLES)
        return ", ".join(f"{role} {variable.name}" for role, variable in found if variable) or "none"

    @property
    def names(self) -> set[int]:
        """The ids of the variables that have a role."""
        found = (self.actor, self.speaker, self.concept, self.qualifier)
        return {variable.id for variable in found if variable}


def roles_of(variables: list[DnaVariable], given: Mapping[str, str]) -> Roles:
    """Return the roles of variables: as given, else by their usual names."""
    names = {role: (given[role], *usual) if role in given else usual for role, usual in ROLES.items()}
    return Roles(**{role: _variable(variables, role, names[role]) for role in ROLES})


def _variable(variables: list[DnaVariable], role: str, names: tuple[str, ...]) -> DnaVariable | None:
    types = _TYPES.get(role, ("short text",))
    found = (each for name in names for each in variables if each.name.lower() == name.lower() and each.type in types)
    return next(found, None)


def require_roles(types: Mapping[int, tuple[str, list[DnaVariable]]], given: Mapping[str, str]) -> None:
    """Refuse a role or a variable that no statement type has.

    Raises:
        WorkspaceError: It names both and lists the variables.
    """
    every = [variable for _, variables in types.values() for variable in variables]
    for role, name in given.items():
        if role not in ROLES:
            raise WorkspaceError(f"There is no role {role!r}.", instead(role, ROLES))
        if _variable(every, role, (name,)) is None:
            kinds = _TYPES.get(role, ("short text",))
            known = ", ".join(dict.fromkeys(each.name for each in every if each.type in kinds)) or "none"
            raise WorkspaceError(f"No variable {name!r} can be the {role}.", f"Variables of that type: {known}.")
