"""What runs: commands, the round, the loop, the store.

The daemon wires connectors, rules and configuration together and carries out what was decided.
Nothing imports it, and it decides nothing itself.
"""
