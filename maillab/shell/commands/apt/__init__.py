"""apt: packages from the archive of the release."""
