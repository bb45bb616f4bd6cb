"""`python -m maillab`."""

from maillab.cli import main

main()
