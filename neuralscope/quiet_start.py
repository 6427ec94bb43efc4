"""What every program imports before all else: until it hears signals itself, Ctrl-C ends it as it would any other.

Python's own way then is a traceback of whatever import it came in.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored, and stays so
    signal.signal(signal.SIGINT, signal.SIG_DFL)
