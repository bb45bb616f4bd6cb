"""The parts of smtpd(8)."""
