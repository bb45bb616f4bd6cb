# ~/.bashrc: read by interactive bash shells of root that are not login shells.

# The prompt and the umask come from /etc/profile and /etc/bash.bashrc.
