# System-wide start-up file of interactive bash shells (login shells read it by way of /etc/profile).

# Nothing to do for a shell that is not interactive
[ -z "$PS1" ] && return

# keep LINES and COLUMNS right
shopt -s checkwinsize

# the chroot we are in, for the prompt
if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi

# the prompt, unless sudo brought its own
if ! [ -n "${SUDO_USER}" -a -n "${SUDO_PS1}" ]; then
  PS1='${debian_chroot:+($debian_chroot)}\u@\h:\w\$ '
fi

# programmable completion:
#if ! shopt -oq posix; then
#  if [ -f /usr/share/bash-completion/bash_completion ]; then
#    . /usr/share/bash-completion/bash_completion
#  elif [ -f /etc/bash_completion ]; then
#    . /etc/bash_completion
#  fi
#fi
