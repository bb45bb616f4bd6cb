# ~/.bash_logout: read when a login shell ends.

# leave no text on the console

if [ "$SHLVL" = 1 ]; then
    [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q
fi
