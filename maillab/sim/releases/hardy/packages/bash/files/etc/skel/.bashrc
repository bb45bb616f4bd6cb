# ~/.bashrc: read by interactive bash shells that are not login shells.

# nothing to do for a shell that is not interactive
case $- in
    *i*) ;;
      *) return;;
esac

# history: no duplicates, no lines that start with a space
HISTCONTROL=ignoreboth

# add to the history file, do not replace it
shopt -s histappend

# its length
HISTSIZE=1000
HISTFILESIZE=2000

# keep LINES and COLUMNS right
shopt -s checkwinsize

# the chroot we are in, for the prompt
if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi

# a prompt in colour where the terminal has them
case "$TERM" in
    xterm-color|*-256color) color_prompt=yes;;
esac

if [ "$color_prompt" = yes ]; then
    PS1='${debian_chroot:+($debian_chroot)}\[\033[01;32m\]\u@\h\[\033[00m\]:\[\033[01;34m\]\w\[\033[00m\]\$ '
else
    PS1='${debian_chroot:+($debian_chroot)}\u@\h:\w\$ '
fi
unset color_prompt

# the title of a terminal window
case "$TERM" in
xterm*|rxvt*)
    PS1="\[\e]0;${debian_chroot:+($debian_chroot)}\u@\h: \w\a\]$PS1"
    ;;
*)
    ;;
esac

# ls in colour
if [ -x /usr/bin/dircolors ]; then
    test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"
    alias ls='ls --color=auto'
fi

# shorter names for ls, to taste
#alias ll='ls -l'
#alias la='ls -A'
#alias l='ls -CF'

# aliases of one's own
if [ -f ~/.bash_aliases ]; then
    . ~/.bash_aliases
fi

# programmable completion
if ! shopt -oq posix; then
  if [ -f /usr/share/bash-completion/bash_completion ]; then
    . /usr/share/bash-completion/bash_completion
  elif [ -f /etc/bash_completion ]; then
    . /etc/bash_completion
  fi
fi
