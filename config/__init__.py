"""What the user wants: three TOML files read into values, all problems shown at once.

Here must not live: what the values mean (that is `rules/`), or anything that talks to a server.
"""
