"""The manual: man, whatis, apropos (man-db 2.11)."""
