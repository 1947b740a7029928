"""What the made-up corpus is made of: kinds of entities, relations, and how often which is used."""

from __future__ import annotations

SYLLABLES = (
    "ba", "ce", "do", "fi", "gu", "ha", "je", "ko", "li", "mu", "na", "pe", "ro", "si", "tu", "va", "we", "xo", "yi",
    "zu",
)  # fmt: skip
# Kind of entity, how many of a hundred, and how its name ends or begins.
KINDS = (
    ("public-body", 20, ("Council", "Police", "Authority", "Commission")),
    ("organisation", 26, ("Watch", "Trust", "Alliance", "Institute", "Rights Network")),
    ("press", 10, ("Gazette", "Herald", "Review", "Post")),
    ("office", 4, ("Commissioner", "Secretary")),
    ("group", 4, ("charities", "residents")),
    ("programme", 14, ("Project", "Operation")),
    ("information-system", 6, ("Matrix", "Register")),
    ("platform", 2, ("Tube", "Gram")),
    ("topic", 14, ("safety", "data sharing", "privacy", "funding")),
)
# Relation, kinds of its subject, kinds of its object (or what value it has), weight.
RELATIONS = (
    ("consulted", "public-body", "organisation group office", 14),
    ("criticised", "organisation public-body press", "public-body programme information-system", 14),
    ("funded", "public-body", "organisation programme", 10),
    ("operates", "public-body", "programme information-system", 9),
    ("met-with", "public-body organisation", "organisation public-body", 7),
    ("oversees", "public-body office", "public-body programme", 6),
    ("shares-data-with", "public-body programme", "public-body organisation", 7),
    ("praised", "organisation public-body", "programme public-body", 5),
    ("calls-for", "organisation office", "topic", 6),
    ("tackles", "programme public-body", "topic", 6),
    ("has-staff", "programme information-system", "people", 4),
    ("has-cost", "programme", "GBP", 4),
    ("listed", "information-system programme", "people", 3),
    ("launched-on", "programme information-system", "date", 5),
)
MONEY = ("funded",)
STANCES = (("asserts", 85), ("denies", 7), ("plans", 4), ("concedes", 2), ("retracts", 2))
BOUNDS = (("exactly", 50), ("around", 15), ("at-least", 10), ("at-most", 7), ("more-than", 11), ("less-than", 7))
SCOPES = (
    "before the launch", "in a formal request", "in writing", "for one year", "in the north", "as a pilot",
    "in private", "with conditions",
)  # fmt: skip
HEDGES = ("it understands", "as far as it knows", "reportedly", "it appears")
SOURCE_KINDS = (("news-article", 50), ("report", 20), ("press-release", 15), ("official-document", 15))
