"""The shells as programs: bash and dash."""
