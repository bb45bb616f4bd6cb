"""The line editor of an interactive bash: what readline does on a terminal that can move its cursor."""
