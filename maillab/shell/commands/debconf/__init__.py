"""debconf: the questions of packages."""
