"""The parts of postfix-script(1) and post-install(1)."""
