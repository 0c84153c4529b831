"""The playbook, one file per group of principles: what is due to whom, since when, until when.

Each function takes a `Scene` (the world, the wishes, a moment) and returns `Due` values. Here must
not live: words of drafts (compose), limits that hold over all kinds (merge), any I/O or clock.
"""
