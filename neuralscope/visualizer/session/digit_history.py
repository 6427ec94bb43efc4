"""A walk through digits, random ones or by number, that can be gone back."""


class Walk:
    """The digits seen of ``digits``, and the place among them; ``rng`` picks the next ones.

    One of them may be the person's own, which has no number: None.
    """

    def __init__(self, digits, rng, index=None):
        """Start at digit ``index``, or at a random one."""
        self.digits, self.rng = digits, rng
        self.seen = [int(rng.integers(len(digits))) if index is None else index]
        self.place = 0  # in ``seen``

    @property
    def index(self):
        """The number of the digit shown, from 0; None: the person's own."""
        return self.seen[self.place]

    @property
    def last_index(self):
        """The number of the digit shown, or of the last one seen before the person's own."""
        return next(index for index in reversed(self.seen[:self.place + 1]) if index is not None)

    def moved(self):
        """Follow: another digit is shown."""

    def go_to(self, index):
        """Show test digit ``index``, None: the person's own, and remember it as the last one seen."""
        if index != self.index:
            self.seen.append(index)
            self._go(len(self.seen) - 1)

    def next_digit(self):
        """Go to a random digit other than the one shown."""
        others = len(self.digits) - 1
        if others:
            self.go_to((self.last_index + 1 + int(self.rng.integers(others))) % len(self.digits))
        else:
            self.go_to(0)

    def forward(self):
        """Go forward through the digits seen; from the last one to a random digit."""
        if self.place + 1 < len(self.seen):
            self._go(self.place + 1)
        else:
            self.next_digit()

    def back(self):
        """Go back to the digit seen before; say whether there was one."""
        moved = self.place > 0
        if moved:
            self._go(self.place - 1)
        return moved

    def leave_own(self):
        """Forget that the person's own digit was among those seen: it is there no more."""
        before, after = ([index for index in part if index is not None]
                         for part in (self.seen[:self.place + 1], self.seen[self.place + 1:]))
        self.seen = before + after
        self._go(len(before) - 1)

    def _go(self, place):
        self.place = place
        self.moved()
