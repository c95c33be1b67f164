"""Pages of the work programme, of the year's end and of what is to be looked at again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Min, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from actions.models import Action, ProgrammeItem, Undertaking
from actions.programme import services
from actions.programme.carry_over import carry_over, going_over, year_end_nearest
from actions.programme.forms import DeferForm, DropForm, ProgrammeItemForm, UndertakingForm, YearEndForm
from actions.programme.look_again import look_again
from actions.programme.plan import in_full, programme_of
from scrutiny.models import Board, Meeting, MunicipalYear
from scrutiny.toolkit.access import can, fetch, permitted
from scrutiny.toolkit.editing import AddView, EditView, lock
from scrutiny.toolkit.pages import attempt, form_page


@permitted("view_record")
def programme(request):
    user, today = request.user, request.today
    boards = _boards_by_next_meeting(user, today)
    board = _chosen(boards, request.GET.get("board")) or boards.first()
    years = MunicipalYear.objects.order_by("start")
    year = _chosen(years, request.GET.get("year")) or years.containing(today).first() or years.last()
    context = {"boards": sorted(boards, key=str), "years": years, "board": board, "year": year}
    if board and year:
        readable = Meeting.objects.visible_to(user).filter(board=board, year=year)
        context |= {
            "programme": programme_of(board, year, user, today),
            "readable": set(readable.values_list("pk", flat=True)),
            "may_plan": can(user, "edit_actions", board),
        }
    return render(request, "actions/programme.html", context)


def _boards_by_next_meeting(user, today):
    next_meeting = Min("meetings__date", filter=Q(meetings__date__gte=today))
    boards = Board.objects.visible_to(user).annotate(next_meeting=next_meeting)
    return boards.order_by(F("next_meeting").asc(nulls_last=True), "name")


def _chosen(rows, key):
    """The row an address asks for; None where it asks for none, and 404 for one that is not there."""
    if not key:
        return None
    found = rows.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None
    if found is None:
        raise Http404
    return found


def _programme_address(board, year=None):
    return f"{reverse('programme')}?board={board.pk}" + (f"&year={year.pk}" if year else "")


class ItemFormView:
    """What adding and changing an item share."""

    model = ProgrammeItem
    form_class = ProgrammeItemForm
    permission = "edit_actions"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"on": self.request.today, "user": self.request.user}


class ProgrammeItemAdd(ItemFormView, AddView):
    """An item of the officer's own, or one that takes up the action the address names."""

    parent = Board
    title = "Add an item to the work programme"

    def new(self, board):
        return ProgrammeItem(board=board)

    def get_initial(self):
        action = _chosen(Action.objects.visible_to(self.request.user), self.request.GET.get("action"))
        of_action = {"action": action, "title": action.title, "kind": "tracking"} if action else {}
        return super().get_initial() | {"meeting": self.request.GET.get("meeting")} | of_action

    def get_cancel_url(self):
        return _programme_address(self.above)


class ProgrammeItemUpdate(ItemFormView, EditView):
    pass


def item_defer(request, pk):
    lock(request, ProgrammeItem, pk)
    item = fetch(ProgrammeItem.objects, request.user, "edit_actions", pk=pk)
    form = DeferForm(
        request.POST or None, item=item, on=request.today, initial={"meeting": ""}, stored=_standing(item)
    )
    return _item_step(
        request, item, form, services.defer, title="Defer this item", button="Defer", said="It is deferred."
    )


def item_drop(request, pk):
    lock(request, ProgrammeItem, pk)
    item = fetch(ProgrammeItem.objects, request.user, "edit_actions", pk=pk)
    form = DropForm(request.POST or None, stored=_standing(item))
    lead = "It stays readable in the programme. What was asked stays open, and may be planned again."
    said = "It is dropped from the work programme."
    return _item_step(
        request, item, form, services.drop, title="Drop this item?", button="Drop", said=said, lead=lead
    )


def _standing(item):
    """What the page of a step shows of an item, to be replaced by that step."""
    return [item.get_state_display(), item.meeting and item.meeting.date, item.why]


def _item_step(request, item, form, step, *, said, **page):
    if form.is_valid() and attempt(form, lambda: step(item, by=request.user, **form.given)):
        messages.success(request, said)
        return redirect(_programme_address(item.board, item.meeting and item.meeting.year))
    return form_page(request, form, caption=item.title, back=item.get_absolute_url(), **page)


# One click each. Whoever comes to the address by a link, as after signing in again, is taken back to the programme.


def item_take(request, pk):
    item = fetch(ProgrammeItem.objects, request.user, "edit_actions", pk=pk)
    if request.method == "POST":
        said = f"“{item.title}” was taken."
        _try(request, lambda: services.take(item, on=request.today, by=request.user), said)
    return redirect(item)


def action_place(request, pk):
    """The action is planned for the meeting that its proposal names."""
    return _with_meeting(request, pk, services.place, "“{0.title}” is planned for {1}.")


def action_next_meeting(request, pk):
    """ "The next meeting" in the minutes' words is this one."""
    said = "{0.reference} is due at the meeting of {1}."
    return _with_meeting(request, pk, services.resolve_to_meeting, said)


def _with_meeting(request, pk, step, said):
    """Meetings are told of by their dates before their minutes may be read, so they are found by their board."""
    action = fetch(Action.objects.select_related("board"), request.user, "edit_actions", pk=pk)
    meeting = _chosen(Meeting.objects.filter(board=action.board_id), request.POST.get("meeting"))
    if meeting:
        said = said.format(action, in_full(meeting.date))
        _try(request, lambda: step(action, meeting, by=request.user), said)
    return redirect(_programme_address(action.board, meeting and meeting.year))


def _try(request, step, said):
    try:
        step()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)


def year_end(request, pk):
    """What goes over to the next year: by itself where the board goes on, in one step where another comes after."""
    board = fetch(Board.objects, request.user, "edit_actions", pk=pk)
    end = year_end_nearest(request.today)
    actions = going_over(board, end, request.user) if end else Action.objects.none()
    successors = list(Board.objects.filter(predecessor=board))
    form = None
    if successors and actions:
        begins = end.following.start if end.following else None
        start = {"on": begins} if begins and begins <= request.today else {}
        form = YearEndForm(request.POST or None, board=board, actions=actions, initial=start)
    if form and form.is_valid() and (moved := _carried_over(form, board, request.user)):
        successor = form.cleaned_data["successor"]
        count = f"{len(moved)} action{'' if len(moved) == 1 else 's'}"
        messages.success(request, f"{count} went over to {successor}.")
        return redirect(f"{reverse('action-list')}?board={successor.pk}&state=open")
    context = {"board": board, "end": end, "actions": actions, "successors": successors, "form": form}
    return render(request, "actions/year_end.html", context)


def _carried_over(form, board, by):
    """The moved actions; None where a rule refused, which the form then says."""
    moved = []

    def step():
        chosen = {name: form.cleaned_data[name] for name in ("successor", "actions", "on")}
        moved.extend(carry_over(board, **chosen, by=by))

    return moved if attempt(form, step) else None


@permitted("view_record")
def look_again_list(request):
    """What was promised and what is parked, with the day on which to look at it next."""
    rows = look_again(request.user, request.today)
    return render(
        request,
        "actions/look_again.html",
        {"rows": rows, "due": sum(row.is_due for row in rows), "undated": sum(not row.day for row in rows)},
    )


class UndertakingUpdate(EditView):
    """Following up may go on once the minutes are approved: their words are not touched (I-9)."""

    model = Undertaking
    form_class = UndertakingForm
    permission = "edit_actions"
    title = "Follow up an undertaking"

    def get_context_data(self, **kwargs):
        return super().get_context_data(quote=self.object.text, **kwargs)

    def get_success_url(self):
        return reverse("look-again")
