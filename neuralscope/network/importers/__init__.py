"""Networks from elsewhere: files of other programs and objects of other libraries, read into a Network and written.

No pickle is read, no code of a file is run, and no other library is imported unless its format needs it.
"""

from neuralscope.lazy_names import lazy_names

HOMES = {"read": "reader", "from_object": "objects", "FORMATS": "formats", "ForeignNetwork": "foreign"}
__all__ = sorted(HOMES)
__getattr__, __dir__ = lazy_names(__name__, HOMES)
