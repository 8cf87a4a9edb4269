"""The pages under /admin: one blueprint a subject."""
