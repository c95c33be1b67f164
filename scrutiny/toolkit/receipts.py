"""Sending the same form twice writes once.

Each form carries a token (`{% form_token %}`). The first time it is accepted a receipt is kept, in the
transaction of the view; the second time the receipt answers.
"""

import hashlib
import json
import re
import secrets

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render

from scrutiny.toolkit.errors import typed_in

FIELD = "form_token"
WELL_FORMED = re.compile(r"[\w-]{20,64}", re.ASCII)
NO_CONTENT = {FIELD, "csrfmiddlewaretoken"}  # differ although the person sends the same


def new_token():
    return secrets.token_urlsafe(24)


def token_in(request):
    """The token of the form that was sent, None if it carries none."""
    token = request.POST.get(FIELD)
    if token is not None and not WELL_FORMED.fullmatch(token):
        raise BadRequest("The token of this form is damaged.")
    return token


class SentBefore(Exception):
    """A form with this token was accepted already: what was begun must be undone and `answered_before` given."""


def once(request, answer):
    """The answer of the view, `answer()`. Raises SentBefore if this form was accepted already."""
    token = token_in(request)
    if token is None:
        return answer()
    receipt = _claimed(request, token)
    response = answer()
    _settle(receipt, response)
    return response


def _claimed(request, token):
    """A second request with the same token waits here until the first has committed or rolled back.

    Nothing is written before, so that its refusal may spoil the transaction and needs no savepoint.
    """
    try:
        return _receipts().create(token=token, **_content(request))
    except IntegrityError as error:
        raise SentBefore from error


def _receipts():
    return apps.get_model(settings.FORM_RECEIPT_MODEL).objects


def _content(request):
    user_id = request.user.pk if request.user.is_authenticated else None
    return {"user_id": user_id, "path": request.resolver_match.route, "digest": _digest(request)}


def _digest(request):
    """Of the address too, which is kept nowhere else: some addresses open a page by themselves."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NO_CONTENT)
    files = sorted(
        (name, file.name, _digest_of_file(file)) for name, sent in request.FILES.lists() for file in sent
    )
    content = [request.get_full_path(), fields, files]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _digest_of_file(file):
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _settle(receipt, response):
    """An accepted form, answered by a redirect, keeps its receipt: mistakes are put right and sent again."""
    if transaction.get_rollback():
        return
    if not 300 <= response.status_code < 400:
        receipt.delete()
        return
    receipt.location = response.headers["Location"]
    receipt.save(update_fields=["location"])


def answered_before(request):
    """The answer of the first time, or a page with what was typed if this is not the same."""
    receipt = _receipts().get(token=token_in(request))
    if all(getattr(receipt, name) == value for name, value in _content(request).items()):
        messages.info(request, "This form was sent twice and saved once.", fail_silently=True)
        return HttpResponseRedirect(receipt.location)
    context = {"typed": typed_in(request), "action": request.get_full_path(), "token": new_token()}
    return render(request, "scrutiny/sent_before.html", context, status=409)
