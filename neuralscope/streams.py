"""What a program prints to: standard output, which must be written, and standard error, which may."""

import io
import os

from neuralscope.errors import InputError
from neuralscope.files import refusal


class Output(io.TextIOWrapper):
    """Standard output: raises InputError where it cannot be written, BrokenPipeError where its reader left."""

    @classmethod
    def over(cls, stream):
        """Return a stream in place of ``sys``'s; None, which is a closed one's, cannot be written."""
        if stream is None:
            unwritable = io.FileIO(os.open(os.devnull, os.O_RDONLY), "w", closefd=False)
            return cls(unwritable, "utf-8", write_through=True)
        # A terminal may not know the letters of a file's name.
        return cls(stream.buffer, stream.encoding, "backslashreplace", line_buffering=stream.line_buffering,
                   write_through=stream.write_through)

    def write(self, text):
        """Write text and return how long it is."""
        try:
            return super().write(text)
        except OSError as error:
            self.end(error)
            return len(text)

    def flush(self):
        """Write what waits."""
        try:
            super().flush()
        except OSError as error:
            self.end(error)

    def end(self, error):
        """Let whatever is still written come to nothing, and raise what there is to raise for an OSError."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
        self.tell(error)

    def tell(self, error):
        """Raise an OSError in words."""
        if isinstance(error, BrokenPipeError):
            raise error
        raise InputError(refusal("standard output", error, "write elsewhere")) from None


class Complaints(Output):
    """Standard error: where it cannot be written there is nobody to tell, and the work goes on."""

    def tell(self, error):
        """Do nothing."""
