#!/bin/sh

### BEGIN INIT INFO
# Provides:          hwclock
# Required-Start:
# Required-Stop:     mountdevsubfs
# Should-Stop:       umountfs
# Default-Start:     S
# Default-Stop:      0 6
# Short-Description: Save system clock to hardware on shutdown.
### END INIT INFO

[ -x /sbin/hwclock ] || exit 0

. /lib/lsb/init-functions

case "$1" in
  start)
	;;
  stop|restart|reload|force-reload)
	log_action_msg "Saving the system clock to /dev/rtc0"
	if /sbin/hwclock --rtc=/dev/rtc0 --systohc; then
		log_action_msg "Hardware Clock updated to $(date)"
	fi
	;;
  show)
	/sbin/hwclock --rtc=/dev/rtc0 --show
	;;
  *)
	log_success_msg "Usage: hwclock.sh {stop|reload|force-reload|show}"
	log_success_msg "       stop and reload set hardware (RTC) clock from kernel (system) clock"
	exit 1
	;;
esac
