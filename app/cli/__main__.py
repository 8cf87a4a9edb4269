"""`python -m app.cli`, where the `aftercare` script is not on the path."""

from app.cli import main

main()
