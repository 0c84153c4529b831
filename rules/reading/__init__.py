"""Reading: one message or event in, what it says out; nothing about the rest of the world.

Here lives what takes a text apart, finds cues in it, weighs them into signals and names company,
role and people; the words themselves are data (`phrases/`, `vendors.toml`). Here must not live:
what follows from a signal (advance, the playbook), or anything that remembers another message.
"""
