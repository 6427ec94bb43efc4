"""Networks from elsewhere: files of other programs and objects of other libraries, read into a Network and written.

No pickle is read, no code of a file is run, and no other library is imported unless its format needs it.
"""
