"""How fast and how dear the product is, measured on this machine: `python -m benchmarks`. See README.md."""
