"""Letters: what was decided becomes words that a person reads; drafts, and the text of events.

Here lives how the user speaks to whom, what a letter may say and what it lacks; the sentences are
templates (`templates/`). Here must not live: whether a letter is due (the playbook), or when.
"""
