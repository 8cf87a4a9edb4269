"""Documents for people to keep or send: PDF, and pictures of diagrams, made of HTML by a program of its own."""

from pathlib import Path

from app.documents.picture_page import picture_page

# Run as a program of its own and never imported by the product: see there.
DOCUMENT_PROGRAM = Path(__file__).with_name("document_process.py")
# The status with which the program says that WeasyPrint or a library of the system is missing.
IS_NOT_INSTALLED = 3

__all__ = ["DOCUMENT_PROGRAM", "IS_NOT_INSTALLED", "picture_page"]
