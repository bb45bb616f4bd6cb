"""Init scripts: service, update-rc.d and invoke-rc.d of Debian's init-system-helpers."""
