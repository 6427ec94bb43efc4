"""How many pixels a remote window has to each of its page's: fewer while its frames hold everybody else up."""

SLOW_FRAME_S, CHEAP_FRAME_S = 0.1, 0.04  # seconds; a step up doubles the pixels, and what was cheap is not slow then
SLOW_FRAMES, CHEAP_FRAMES = 2, 10  # frames in a row after which the ratio falls, or rises
PIXEL_SHARES = 1, 0.7, 0.5, 0.35  # of what the page asks for, along a side


class PixelRatio:
    """What the page asks for, ``wanted``, and what it is given, ``value``."""

    def __init__(self):
        """Begin with one to one."""
        self.wanted, self._level = 1.0, 0
        self._forget_frames()

    def _forget_frames(self):
        self._slow_frames = self._cheap_frames = 0
        self._is_first_frame = True  # in which every text is rendered anew

    @property
    def value(self):
        """The ratio."""
        return self.wanted * PIXEL_SHARES[self._level]

    def ask(self, wanted):
        """Let the page ask for a ratio, with a size."""
        self.wanted = wanted
        self._forget_frames()

    def add_frame(self, seconds):
        """Take note of how long a frame took; return whether the next ones have another ratio."""
        if self._is_first_frame:
            self._is_first_frame = False
            return False
        self._slow_frames = self._slow_frames + 1 if seconds > SLOW_FRAME_S else 0
        self._cheap_frames = self._cheap_frames + 1 if seconds < CHEAP_FRAME_S else 0
        before = self._level
        if self._slow_frames >= SLOW_FRAMES:
            self._level = min(before + 1, len(PIXEL_SHARES) - 1)
        elif self._cheap_frames >= CHEAP_FRAMES:
            self._level = max(before - 1, 0)
        if self._level == before:
            return False
        self._forget_frames()
        return True
