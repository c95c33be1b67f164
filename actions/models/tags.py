"""Themes of what was asked."""

from django.db import models

from actions.models.asks import Element
from reviews.models.themes import ThemeTag, each_theme_once
from scrutiny.toolkit.history import tracked


class ElementTheme(ThemeTag):
    GOES_WITH = "element"

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="tags")

    history = tracked()

    class Meta(ThemeTag.Meta):
        verbose_name = "theme of an element"
        verbose_name_plural = "themes of elements"
        constraints = [each_theme_once("element")]
