"""The page on which somebody confirms the themes of a record."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views import View

from reviews.forms.themes import ThemesForm
from reviews.models import Theme
from reviews.services.themes import change_themes
from reviews.suggestions import suggest
from scrutiny.toolkit.access import fetch
from scrutiny.toolkit.pages import form_page


class TagView(View):
    """Themes of one record of `model`, for those who hold `permission` on it."""

    model = None
    permission = None

    def words_of(self, found):
        """What the themes are told from."""
        return found.text

    def get(self, request, pk):
        return self.page(request, fetch(self.model.objects, request.user, self.permission, pk=pk))

    def post(self, request, pk):
        found = fetch(self.model.objects, request.user, self.permission, pk=pk)
        form = self.form(found, request.POST)
        if not form.is_valid():
            return self.page(request, found, form)
        change_themes(found, add=form.added, take_away=form.taken_away, by=request.user)
        messages.success(request, "The themes were kept.")
        return redirect(found)

    def form(self, found, data=None):
        themes = list(Theme.objects.all())
        suggested = suggest(self.words_of(found), themes)
        tagged = [tag.theme for tag in found.tags.select_related("theme")]
        return ThemesForm(data, themes=themes, suggested=suggested, tagged=tagged)

    def page(self, request, found, form=None):
        return form_page(
            request,
            form or self.form(found),
            title="Which themes is this about?",
            caption=str(found),
            quote=self.words_of(found),
            back=found.get_absolute_url(),
        )
