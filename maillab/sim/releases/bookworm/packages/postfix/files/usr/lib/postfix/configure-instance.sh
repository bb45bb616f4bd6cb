#!/bin/sh -e

# Prepares an instance of Postfix for its start: copies what chrooted daemons need below the
# queue directory. Called by the init script with the name of the instance (- is the first one).

SYNC_CHROOT=y
chroot_extra_files=

if [ -r /etc/default/postfix ]; then
	. /etc/default/postfix
fi

if [ -z "$1" ] || [ "$1" = - ]; then
	POSTCONF="postconf -o inet_interfaces="
else
	POSTCONF="postmulti -i $1 -x postconf -o inet_interfaces="
fi

# an origin that belongs to the distributors is a mistake
MYORIGIN=$($POSTCONF -hx myorigin | tr 'A-Z' 'a-z')
case "$MYORIGIN" in
    /*) MYORIGIN=$(tr 'A-Z' 'a-z' < $MYORIGIN) ;;
esac
if [ "$MYORIGIN" = ubuntu.com ] || [ "$MYORIGIN" = debian.org ]; then
	echo "Invalid \$myorigin ($MYORIGIN), refusing to start"
	exit 1
fi

# is there a chrooted service? From level 1 on, - means no.
config_dir=$($POSTCONF -hx config_directory)
level=$($POSTCONF -hx compatibility_level | cut -d. -f1)
if [ "$level" -ge 1 ]; then
	chrooted='[yY]'
else
	chrooted='[-yY]'
fi
NEED_CHROOT=$(awk '/^[0-9a-z]/ && ($5 ~ "'"$chrooted"'") { print "y"; exit}' $config_dir/master.cf)

if [ -n "$NEED_CHROOT" ] && [ -n "$SYNC_CHROOT" ]; then
	umask 022
	queue_dir=$($POSTCONF -hx queue_directory)
	cd "$queue_dir"

	# unix:passwd.byname without proxy: reads the password file of the chroot
	maps=$($POSTCONF -hx local_recipient_maps)
	case "$maps" in
	    *proxy:unix:passwd.byname*) ;;
	    *unix:passwd.byname*)
		sed 's/^\([^:]*\):[^:]*/\1:x/' /etc/passwd > etc/passwd
		chmod a+r etc/passwd
		;;
	esac

	for file in etc/localtime etc/services etc/resolv.conf etc/hosts etc/host.conf etc/nsswitch.conf etc/nss_mdns.config $chroot_extra_files; do
		file=${file#/}
		[ -d ${file%/*} ] || mkdir -p ${file%/*}
		if [ -f /$file ]; then
			rm -f $file
			cp /$file $file
		fi
		if [ -f $file ]; then
			chmod a+rX $file
		fi
	done
	rm -f usr/lib/zoneinfo/localtime
	mkdir -p usr/lib/zoneinfo
	ln -sf /etc/localtime usr/lib/zoneinfo/localtime
fi
exit 0
