"""A page that is as large as the drawing on it."""

import re

_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="(\d+)" height="(\d+)"')


def picture_page(svg: str) -> str:
    """HTML with nothing but a drawing. Raises ValueError for one that does not say its size in pixels."""
    size = _SIZE.search(svg)
    if size is None:
        raise ValueError("a drawing says its width and height")
    width, height = size.groups()
    style = f"@page{{size:{width}px {height}px;margin:0}}body{{margin:0}}svg{{display:block}}"
    return f'<!doctype html><html><head><meta charset="utf-8"><style>{style}</style></head><body>{svg}</body></html>'
