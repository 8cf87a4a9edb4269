"""Diagrams drawn on the server: diagram interchange of BPMN or DMN in, SVG out. Knows no case and no database."""

from app.diagrams.decisions import read_requirements
from app.diagrams.drawing import Drawing
from app.diagrams.marks import Mark, Marks
from app.diagrams.model import UnreadableDiagram
from app.diagrams.paper import PAPER
from app.diagrams.reading import read_drawing
from app.diagrams.rendering import render

__all__ = ["PAPER", "Drawing", "Mark", "Marks", "UnreadableDiagram", "read_drawing", "read_requirements", "render"]
