"""adduser and deluser, the friendly front ends of Debian."""
