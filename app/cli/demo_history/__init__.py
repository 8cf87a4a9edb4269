"""The months before the demo: sample people work through the real processes, day by day, with a moved clock."""

from app.cli.demo_history.days import build_history

__all__ = ["build_history"]
