"""Writing SVG: elements, and how wide texts are. Knows nothing of diagrams or charts."""

from app.svg.elements import FONTS, SVG, XML, add, new_root, number, title, written
from app.svg.text import width_of, wrapped

__all__ = ["FONTS", "SVG", "XML", "add", "new_root", "number", "title", "width_of", "wrapped", "written"]
