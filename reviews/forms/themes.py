"""Forms about themes: a theme itself, and the themes of one record."""

from django import forms

from reviews.models import Theme
from scrutiny.toolkit.forms import Form, HintedCheckboxes, ModelForm


class ThemeForm(ModelForm):
    class Meta:
        model = Theme
        fields = ["code", "label", "group", "also_called", "plain_english", "caution", "review_on"]


class ThemesField(forms.MultipleChoiceField):
    """Boxes to tick, each with what the theme means. Whatever is sent is compared with the themes there are."""

    def __init__(self, *, label, themes):
        choices = [(str(theme.pk), theme.label) for theme in themes]
        hints = {str(theme.pk): theme.plain_english for theme in themes}
        super().__init__(label=label, choices=choices, widget=HintedCheckboxes(hints=hints), required=False)

    def valid_value(self, value):
        """What is suggested may have moved from one field to another since the page was opened."""
        return True


class ThemesForm(Form):
    """The themes of one record: those its words suggest, then all others by group.

    `seen` are the themes it had when the page was opened. Only what was ticked or unticked since is done, so that
    two officers at once do not undo each other's choice.
    """

    mark_optional = False

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, themes, suggested, tagged, **kwargs):
        self.themes = themes
        super().__init__(*args, **kwargs)
        self.initial["seen"] = ",".join(_keys(tagged))
        ticked = _keys(tagged or suggested)
        for name, label, shown in _by_group(themes, suggested):
            if not shown:
                continue
            self.fields[name] = ThemesField(label=label, themes=shown)
            self.initial[name] = ticked

    @property
    def added(self):
        return [theme for theme in self.themes if str(theme.pk) in self._ticked - self._seen]

    @property
    def taken_away(self):
        return [theme for theme in self.themes if str(theme.pk) in self._seen - self._ticked]

    @property
    def _ticked(self):
        return {key for name, keys in self.cleaned_data.items() if name != "seen" for key in keys}

    @property
    def _seen(self):
        return set(self.cleaned_data["seen"].split(","))


def _keys(themes):
    return [str(theme.pk) for theme in themes]


def _by_group(themes, suggested):
    """(name, label, themes) of each field that has something to tick."""
    yield "suggested", "Suggested from the words", suggested
    for group, label in Theme.Group.choices:
        yield f"group_{group}", label, [t for t in themes if t.group == group and t not in suggested]
