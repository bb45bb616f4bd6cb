"""What rsyslogd and syslogd share: selectors, messages, log files."""
