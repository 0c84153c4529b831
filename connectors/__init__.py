"""The only place with bytes, sockets and other people's formats.

A connector turns a mailbox or a calendar into `Message` and `Event` values, and puts `Draft` and
`Event` values down where the user finds them. Here must not live: any rule, any setting (they
arrive as plain arguments), anything that could send.
"""
