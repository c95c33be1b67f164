"""Signing in, by django-allauth: passwords, a second step, the council's own directory, invitations and sessions."""
