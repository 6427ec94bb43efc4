"""The mouse: what a press, a move and a release of its buttons do."""


class Mouse:
    """Follows the pointer over ``scope``; a press may grasp something, which then follows until the release."""

    def __init__(self, scope):
        """Hold nothing."""
        self.scope = scope
        self.point = None  # in units; None: outside the window
        self.grasped = self.button = None
        self.handlers = {"button_press_event": self._on_press, "button_release_event": self._on_release,
                         "motion_notify_event": self._on_motion, "figure_leave_event": self._on_leave,
                         "scroll_event": self._on_scroll}

    def _on_press(self, event):
        scope = self.scope
        self.point = scope.painter.to_units(event)
        if self.grasped and event.button != self.button:
            return
        if self.let_go():  # its release was never told: it happened over another window
            scope.refresh()
        if not (scope.overlay or scope.entry):
            self.grasped, self.button = scope.view.grasp(*self.point, event.button), event.button
        if self.grasped:
            scope.message = None
            scope.refresh()
        elif event.button == 1:
            scope.click(*self.point)

    def _on_motion(self, event):
        self.point = self.scope.painter.to_units(event)
        if self.grasped:
            self.grasped.drag(*self.point)
            self.scope.refresh()
        else:
            self.scope.point_at_things()

    def _on_release(self, event):
        if self.grasped and event.button == self.button:
            self.point = self.scope.painter.to_units(event)
            self.grasped.drag(*self.point)
            is_click = getattr(self.grasped, "is_click", False)
            self.let_go()
            if is_click:
                self.scope.click(*self.point)
            self.scope.refresh()

    def _on_scroll(self, event):
        scope = self.scope
        if not (scope.overlay or scope.entry) and scope.view.scroll(*scope.painter.to_units(event), event.step):
            scope.refresh()

    def _on_leave(self, event):
        self.point = None
        self.scope.point_at_things()

    def let_go(self):
        """Let go of what is grasped; say whether there was anything."""
        held, self.grasped, self.button = self.grasped, None, None
        if held:
            held.release()
        return held is not None
