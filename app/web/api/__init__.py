"""Our own interface for programs, /api/v1: what is taken and given says the code, and the document is made of it."""
