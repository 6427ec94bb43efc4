"""A walk through digits, random ones or by number, that can be gone back."""


class DigitHistory:
    """The digits seen of ``digits``, and the place among them; ``rng`` picks the next ones.

    One of them may be the person's own, which has no number: None.
    """

    def __init__(self, digits, rng, index=None):
        """Start at digit ``index``, or at a random one."""
        self.digits, self.rng = digits, rng
        self.visited = [int(rng.integers(len(digits))) if index is None else index]
        self.position = 0  # in ``visited``

    @property
    def index(self):
        """The number of the digit shown, from 0; None: the person's own."""
        return self.visited[self.position]

    @property
    def last_index(self):
        """The number of the digit shown, or of the last one seen before the person's own."""
        return next(index for index in reversed(self.visited[:self.position + 1]) if index is not None)

    def on_new_digit(self):
        """Follow: another digit is shown."""

    def go_to(self, index):
        """Show test digit ``index``, None: the person's own, and remember it as the last one seen."""
        if index != self.index:
            self.visited.append(index)
            self._go(len(self.visited) - 1)

    def next_digit(self):
        """Go to a random digit other than the one shown."""
        others = len(self.digits) - 1
        if others:
            self.go_to((self.last_index + 1 + int(self.rng.integers(others))) % len(self.digits))
        else:
            self.go_to(0)

    def forward(self):
        """Go forward through the digits seen; from the last one to a random digit."""
        if self.position + 1 < len(self.visited):
            self._go(self.position + 1)
        else:
            self.next_digit()

    def back(self):
        """Go back to the digit seen before; say whether there was one."""
        has_moved = self.position > 0
        if has_moved:
            self._go(self.position - 1)
        return has_moved

    def leave_user_digit(self):
        """Forget that the person's own digit was among those seen: it is there no more."""
        before, after = ([index for index in part if index is not None]
                         for part in (self.visited[:self.position + 1], self.visited[self.position + 1:]))
        self.visited = before + after
        self._go(len(before) - 1)

    def _go(self, position):
        self.position = position
        self.on_new_digit()
