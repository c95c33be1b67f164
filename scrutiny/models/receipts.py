"""Receipts for sent forms, so that sending a form twice writes once. They are no part of the record."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class FormReceiptQuerySet(models.QuerySet):
    def older_than(self, days):
        return self.filter(created_at__lt=timezone.now() - timedelta(days=days))


class FormReceipt(models.Model):
    """One form that was accepted and answered with `location`. `digest` tells the same content again."""

    token = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    path = models.TextField()
    digest = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = FormReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token"], name="form_receipt_unique_token")]

    def __str__(self):
        return f"{self.path} at {self.created_at:%Y-%m-%d %H:%M}"
