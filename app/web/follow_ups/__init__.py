"""Pages of the plan of follow-ups: days and callers, lists to pick from, planned against made."""
