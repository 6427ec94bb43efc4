"""The mouse: what a press, a move and a release of its buttons do."""


class Mouse:
    """Follows the pointer over ``window``; a press may grasp something, which then follows until the release."""

    def __init__(self, window):
        """Hold nothing."""
        self.window = window
        self.point = None  # in units; None: outside the window
        self.dragged = self.button = None
        self.handlers = {"button_press_event": self._on_press, "button_release_event": self._on_release,
                         "motion_notify_event": self._on_motion, "figure_leave_event": self._on_leave,
                         "scroll_event": self._on_scroll}

    def _on_press(self, event):
        window = self.window
        self.point = window.surface.to_units(event)
        if self.dragged and event.button != self.button:
            return
        if self.end_drag():  # its release was never told: it happened over another window
            window.refresh()
        if not (window.overlay or window.prompt):
            self.dragged, self.button = window.view.start_drag(*self.point, event.button), event.button
        if self.dragged:
            window.message = None
            window.refresh()
        elif event.button == 1:
            window.click(*self.point)

    def _on_motion(self, event):
        self.point = self.window.surface.to_units(event)
        if self.dragged:
            self.dragged.drag(*self.point)
            self.window.refresh()
        else:
            self.window.update_pointed()

    def _on_release(self, event):
        if self.dragged and event.button == self.button:
            self.point = self.window.surface.to_units(event)
            self.dragged.drag(*self.point)
            is_click = getattr(self.dragged, "is_click", False)
            self.end_drag()
            if is_click:
                self.window.click(*self.point)
            self.window.refresh()

    def _on_scroll(self, event):
        window = self.window
        if not (window.overlay or window.prompt) and window.view.scroll(*window.surface.to_units(event), event.step):
            window.refresh()

    def _on_leave(self, event):
        self.point = None
        self.window.update_pointed()

    def end_drag(self):
        """Let go of what is grasped; say whether there was anything."""
        held, self.dragged, self.button = self.dragged, None, None
        if held:
            held.release()
        return held is not None
