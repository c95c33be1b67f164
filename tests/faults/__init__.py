"""Nothing lost: a real web server and a real database are killed, filled and restarted while people save.

What was tried, how often and with what result is told in docs/faults.md.
"""
