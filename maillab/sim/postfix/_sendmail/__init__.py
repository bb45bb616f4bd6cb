"""The parts of sendmail(1)."""
