"""Labelled mail written for training, in a compact form, and how it is read; no message of a user.

One mail after another: a line `=== language | form | company: … | role: … | refs: …`, the headers,
then a sentence a line. A line that carries a signal begins with its kind in brackets; `>` quotes.
"""
