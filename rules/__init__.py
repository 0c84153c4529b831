"""What the program thinks: pure functions from values to values.

Here lives everything that understands a message, matches it with a process, decides what should
be prepared and finds the words. Here must not live: files, network, a clock, chance, or anything
that knows a connector, the configuration files or the daemon.
"""
