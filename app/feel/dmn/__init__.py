"""DMN 1.1 to 1.5: decision models, run as the standard says or refused with reasons.

model = load_dmn(xml)
result = model.evaluate("Fee", {"level": "major"}, environment)
"""

from app.feel.dmn.analysis import Finding
from app.feel.dmn.bundles import LoadedModels, has_imports, load_models
from app.feel.dmn.given import read_as
from app.feel.dmn.model import DecisionModel, UnknownDecision, load_dmn
from app.feel.dmn.problems import DecisionModelRefused, Problem

__all__ = [
    "DecisionModel",
    "DecisionModelRefused",
    "Finding",
    "LoadedModels",
    "Problem",
    "UnknownDecision",
    "has_imports",
    "load_dmn",
    "load_models",
    "read_as",
]
