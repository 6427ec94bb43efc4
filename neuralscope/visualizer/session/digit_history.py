"""A walk through digits, random ones or by number, that can be gone back."""

import copy


class DigitHistory:
    """The digits seen of ``count``, and the place among them; ``rng`` picks the next ones.

    One of them may be the person's own, which has no number: None. ``visit`` is another number after every step, also
    where it leads to a digit that was seen: what is asked about a digit is asked for one visit.
    """

    def __init__(self, count, rng, index=None):
        """Start at digit ``index``, or at a random one."""
        self.count, self.rng = count, rng
        self.visited = [int(rng.integers(count)) if index is None else index]
        self.position = self.visit = 0  # ``position``: in ``visited``

    @property
    def index(self):
        """The number of the digit shown, from 0; None: the person's own."""
        return self.visited[self.position]

    @property
    def last_index(self):
        """The number of the digit shown, or of the last one seen before the person's own."""
        return next(index for index in reversed(self.visited[:self.position + 1]) if index is not None)

    def go_to(self, index):
        """Show test digit ``index``, None: the person's own, and remember it as the last one seen."""
        if index != self.index:
            self.visited.append(index)
            self.position, self.visit = len(self.visited) - 1, self.visit + 1

    def next_digit(self):
        """Go to a random digit other than the one shown."""
        others = self.count - 1
        self.go_to((self.last_index + 1 + int(self.rng.integers(others))) % self.count if others else 0)

    def forward(self):
        """Go forward through the digits seen; from the last one to a random digit."""
        if self.position + 1 < len(self.visited):
            self.position, self.visit = self.position + 1, self.visit + 1
        else:
            self.next_digit()

    def back(self):
        """Go back to the digit seen before; say whether there was one."""
        has_moved = self.position > 0
        if has_moved:
            self.position, self.visit = self.position - 1, self.visit + 1
        return has_moved

    def renew(self):
        """Begin another visit where it is: the person's own digit is another one."""
        self.visit += 1

    def forget_user_digit(self):
        """Forget that the person's own digit was among those seen: it is there no more."""
        before, after = ([index for index in part if index is not None]
                         for part in (self.visited[:self.position + 1], self.visited[self.position + 1:]))
        self.visited, self.position, self.visit = before + after, len(before) - 1, self.visit + 1

    def fork(self):
        """Return a history that goes its own way from here, with the same source of chance."""
        fork = copy.copy(self)
        fork.visited = list(self.visited)
        return fork
