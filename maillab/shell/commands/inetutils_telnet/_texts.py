"""What telnet prints about its commands and settings (as inetutils 2.4 prints it)."""
from __future__ import annotations

COMMANDS = {
    "close": "close current connection",
    "logout": "forcibly logout remote user and close the connection",
    "display": "display operating parameters",
    "mode": "try to enter line or character mode ('mode ?' for more)",
    "open": "connect to a site",
    "quit": "exit telnet",
    "send": "transmit special characters ('send ?' for more)",
    "set": "set operating parameters ('set ?' for more)",
    "unset": "unset operating parameters ('unset ?' for more)",
    "status": "print status information",
    "toggle": "toggle operating parameters ('toggle ?' for more)",
    "slc": "change state of special characters ('slc ?' for more)",
    "auth": "turn on (off) authentication ('auth ?' for more)",
    "encrypt": "turn on (off) encryption ('encrypt ?' for more)",
    "z": "suspend telnet",
    "!": "invoke a subshell",
    "environ": "change environment variables ('environ ?' for more)",
    "?": "print help information",
}
HIDDEN = {"crmod": "deprecated command -- use 'toggle crmod' instead", "help": "print help information"}

SEND = {
    "ao": ("Send Telnet Abort output", b"\xff\xf5"), "ayt": ("Send Telnet 'Are You There'", b"\xff\xf6"),
    "brk": ("Send Telnet Break", b"\xff\xf3"), "ec": ("Send Telnet Erase Character", b"\xff\xf7"),
    "el": ("Send Telnet Erase Line", b"\xff\xf8"), "escape": ("Send current escape character", b""),
    "ga": ("Send Telnet 'Go Ahead' sequence", b"\xff\xf9"), "ip": ("Send Telnet Interrupt Process", b"\xff\xf4"),
    "nop": ("Send Telnet 'No operation'", b"\xff\xf1"), "eor": ("Send Telnet 'End of Record'", b"\xff\xef"),
    "abort": ("Send Telnet 'Abort Process'", b"\xff\xee"), "susp": ("Send Telnet 'Suspend Process'", b"\xff\xed"),
    "eof": ("Send Telnet End of File Character", b"\xff\xec"), "synch": ("Perform Telnet 'Synch operation'", b"\xff\xf2"),
    "getstatus": ("Send request for STATUS", b""), "?": ("Display send options", b""),
}

CHARACTERS = {
    "echo": "character to toggle local echoing on/off", "escape": "character to escape back to telnet command mode",
    "rlogin": "rlogin escape character", "tracefile": "file to write trace information to",
    "flushoutput": "character to cause an Abort Output", "interrupt": "character to cause an Interrupt Process",
    "quit": "character to cause an Abort process", "eof": "character to cause an EOF ",
    "erase": "character to use to erase a character", "kill": "character to use to erase a line",
    "lnext": "character to use for literal next", "susp": "character to cause a Suspend Process",
    "reprint": "character to use for line reprint", "worderase": "character to use to erase a word",
    "start": "character to use for XON", "stop": "character to use for XOFF", "forw1": "alternate end of line character",
    "forw2": "alternate end of line character", "ayt": "alternate AYT character",
}
CHARACTER_DEFAULTS: dict[str, int | None] = {
    "rlogin": None, "flushoutput": 15, "interrupt": 3, "quit": 28, "eof": 4, "erase": 127, "kill": 21, "lnext": 22, "susp": 26,
    "reprint": 18, "worderase": 23, "start": 17, "stop": 19, "forw1": None, "forw2": None, "ayt": 20,
}
NEEDS_LOCALCHARS = ("", "The following need 'localchars' to be toggled true")
NEEDS_LINEMODE = ("", "The following are for local editing in linemode")

TOGGLE_HELP = {
    "autoflush": "flushing of output when sending interrupt characters",
    "autosynch": "automatic sending of interrupt characters in urgent mode",
    "autologin": "automatic sending of login and/or authentication info", "authdebug": "Toggle authentication debugging",
    "autoencrypt": "automatic encryption of data stream", "autodecrypt": "automatic decryption of data stream",
    "verbose_encrypt": "Toggle verbose encryption output", "encdebug": "Toggle encryption debugging",
    "skiprc": "don't read ~/.telnetrc file", "binary": "sending and receiving of binary data",
    "inbinary": "receiving of binary data", "outbinary": "sending of binary data",
    "crlf": "sending carriage returns as telnet <CR><LF>", "crmod": "mapping of received carriage returns",
    "localchars": "local recognition of certain control characters", "": "",
    "debug": "debugging", "netdata": "printing of hexadecimal network data (debugging)",
    "prettydump": 'output of "netdata" to user readable format (debugging)',
    "options": "viewing of options processing (debugging)", "termdata": "(debugging) toggle printing of hexadecimal terminal data",
}
TOGGLE_STATES = {  # after "will " / "won't "
    "autoflush": "flush output when sending interrupt characters", "autosynch": "send interrupt characters in urgent mode",
    "autologin": "send login name and/or authentication information", "skiprc": "skip reading of ~/.telnetrc file",
    "crmod": "map carriage return on output", "localchars": "recognize certain control characters",
    "debug": "turn on socket level debugging", "netdata": "print hexadecimal representation of network traffic",
    "prettydump": 'print user readable output for "netdata"', "options": "show option processing",
    "termdata": "print hexadecimal representation of terminal traffic",
}
TOGGLE_SAYS = {  # name: (switched on, switched off)
    "authdebug": ("auth debugging enabled", "auth debugging disabled"),
    "autoencrypt": ("Automatic encryption of output is enabled", "Automatic encryption of output is disabled"),
    "autodecrypt": ("Automatic decryption of input is enabled", "Automatic decryption of input is disabled"),
    "verbose_encrypt": ("Encryption is verbose", "Encryption is not verbose"),
    "encdebug": ("Encryption debugging enabled", "Encryption debugging disabled"),
    "binary": ("Negotiating binary mode with remote host.", "Negotiating network ascii mode with remote host."),
    "inbinary": ("Negotiating binary mode on input.", "Negotiating network ascii mode on input."),
    "outbinary": ("Negotiating binary mode on output.", "Negotiating network ascii mode on output."),
    "crlf": ("Will send carriage returns as telnet <CR><LF>.", "Will send carriage returns as telnet <CR><NUL>."),
}

MODE_HELP = """format is:  'mode Mode', where 'Mode' is one of:

character       Disable LINEMODE option
                (or disable obsolete line-by-line mode)
line            Enable LINEMODE option
                (or enable obsolete line-by-line mode)

                These require the LINEMODE option to be enabled
isig            Enable signal trapping
-isig           Disable signal trapping
edit            Enable character editing
-edit           Disable character editing
softtabs        Enable tab expansion
-softtabs       Disable character editing
litecho         Enable literal character echo
-litecho        Disable literal character echo

?               Print help information
"""
MODES = ("character", "line", "isig", "-isig", "edit", "-edit", "softtabs", "-softtabs", "litecho", "-litecho")
MODE_STATUS = {
    "obsolete": ("Operating in obsolete linemode", "Local character echo"),
    "character": ("Operating in single character mode", "Catching signals locally", "Remote character echo"),
    "line": ("Operating with LINEMODE option", "Local line editing", "Local catching of signals", "Special characters are local values",
             "Local character echo"),
}
SUBCOMMANDS = {
    "slc": {"export": "Use local special character definitions", "import": "Use remote special character definitions",
            "check": "Verify remote special character definitions"},
    "auth": {"status": "Display current status of authentication information",
             "disable": "Disable an authentication type ('auth disable ?' for more)",
             "enable": "Enable an authentication type ('auth enable ?' for more)"},
    "encrypt": {"enable": "Enable encryption. ('encrypt enable ?' for more)",
                "disable": "Disable encryption. ('encrypt enable ?' for more)",
                "type": "Set encryption type. ('encrypt type ?' for more)", "start": "Start encryption. ('encrypt start ?' for more)",
                "stop": "Stop encryption. ('encrypt stop ?' for more)", "input": "Start encrypting the input stream",
                "-input": "Stop encrypting the input stream", "output": "Start encrypting the output stream",
                "-output": "Stop encrypting the output stream", "status": "Display current status of authentication information"},
    "environ": {"define": "Define an environment variable", "undefine": "Undefine an environment variable",
                "export": "Mark an environment variable for automatic export",
                "unexport": "Don't mark an environment variable for automatic export", "send": "Send an environment variable",
                "list": "List the current environment variables"},
}
OPEN_USAGE = "usage: {word} [-4] [-6] [-l user] [-b addr] [-a] host-name [port]"
