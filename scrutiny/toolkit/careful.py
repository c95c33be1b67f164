"""Forms that ask before words are kept that may identify a child (domain.md D-4)."""

import hashlib
import json

from django import forms

from scrutiny.toolkit.identifying import identifying

HINT = "Do not identify a child or family: no names, ages, dates of birth, addresses or numbers."
SEEN, CHECKED = "identifying_seen", "identifying_checked"


class Careful:
    """Put it before Form or ModelForm. Text areas are checked, and the text inputs named in `careful_fields`.

    Words that may identify a child are asked about once: the box that then appears, ticked and sent with the same
    words, lets them through, and `decision` is the sentence for the history. Of a saved record only text that
    changes is checked.
    """

    careful_fields = ()
    pseudonyms_allowed = False
    decision = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self._checked_names():
            self.fields[name].help_text = sentences(self.fields[name].help_text, HINT)
        if self.is_bound or self.initial.get(CHECKED):
            self._add_the_question()

    def clean(self):
        cleaned = super().clean()
        found = {name: findings for name in self._checked_names() if (findings := self._findings(name))}
        if not found:
            del self.fields[SEEN], self.fields[CHECKED]
        elif self.cleaned_data[CHECKED] and self.cleaned_data.get(SEEN) == digest(found):
            self.decision = decided(found)
        else:
            self._ask_about(found)
        return cleaned

    def _checked_names(self):
        boxes = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return [*boxes, *(name for name in self.careful_fields if name in self.fields)]

    def _add_the_question(self):
        self.fields[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields[CHECKED] = forms.BooleanField(
            label="I have checked: nobody can be identified from this text", required=False
        )

    def _findings(self, name):
        text = self.cleaned_data.get(name) or ""
        if text.split() == self._saved(name).split():
            return []
        return identifying(text, self.pseudonyms_allowed)

    def _saved(self, name):
        """The text in the record now. `clean` comes before the form writes into its instance."""
        record = getattr(self, "instance", None)
        return (record and record.pk and getattr(record, name, "")) or ""

    def _ask_about(self, found):
        """The form carries what it asks about, so that a tick counts for these words and no others."""
        self.data = self.data.copy()
        self.data[self.add_prefix(SEEN)] = digest(found)
        self.data.pop(self.add_prefix(CHECKED), None)
        for name, findings in found.items():
            self.add_error(name, question(findings))


def digest(found):
    """One text for the same findings in the same fields."""
    said = [(name, each.kind, each.words) for name, findings in found.items() for each in findings]
    return hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()


def question(findings):
    """ "“aged 4” reads like a child's age. Take it out, or tick that nobody can be identified." """
    read = [f"“{each.words}” reads like {each.kind}" for each in dict.fromkeys(findings)]
    it = "it" if len(read) == 1 else "them"
    return f"{', and '.join(read)}. Take {it} out, or tick that nobody can be identified."


def decided(found):
    """What the history says, without the words that were found."""
    kinds = dict.fromkeys(each.kind for findings in found.values() for each in findings)
    return f"Checked for identifying details ({', '.join(kinds)}): kept, nobody can be identified."


def sentences(*texts):
    """The texts that are there, one after the other, each ended by a full stop where it has no end of its own."""
    given = [str(text).strip() for text in texts if text]
    ended = [text if text.endswith((".", "!", "?", "”")) else f"{text}." for text in given[:-1]]
    return " ".join([*ended, *given[-1:]])
