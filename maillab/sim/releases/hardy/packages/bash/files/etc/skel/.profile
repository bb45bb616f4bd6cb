# ~/.profile: read by login shells,
# but not by bash when ~/.bash_profile or ~/.bash_login exists.

# the umask is set in /etc/profile
#umask 022

# for bash
if [ -n "$BASH_VERSION" ]; then
    # include .bashrc if it exists
    if [ -f "$HOME/.bashrc" ]; then
	. "$HOME/.bashrc"
    fi
fi

# private programs, where there are any
if [ -d "$HOME/bin" ] ; then
    PATH="$HOME/bin:$PATH"
fi

# the same, where newer programs put them
if [ -d "$HOME/.local/bin" ] ; then
    PATH="$HOME/.local/bin:$PATH"
fi
