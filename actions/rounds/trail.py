"""The history of rounds and what was answered. What a draft said is told to nobody, afterwards neither."""

from actions.models import Reply, ReplyEvidence, UpdateRequest, UpdateRound


def trail_of_round(pk, user):
    requests = UpdateRequest.history.filter(round_id=pk)
    return [UpdateRound.history.filter(id=pk), requests, *_under(requests.values("id"))]


def trail_of_request(pk, user):
    return [UpdateRequest.history.filter(id=pk), *_under([pk])]


def trail_of_reply(pk, user):
    return [
        _sent(Reply.history.filter(id=pk)),
        _with_something_sent(ReplyEvidence.history.filter(reply_id=pk)),
    ]


def trail_of_evidence(pk, user):
    return [_with_something_sent(ReplyEvidence.history.filter(id=pk))]


def _under(requests):
    replies = Reply.history.filter(request_id__in=requests)
    evidence = ReplyEvidence.history.filter(reply_id__in=replies.values("id"))
    return [_sent(replies), _with_something_sent(evidence)]


def _sent(rows):
    return rows.exclude(sent_at=None)


def _with_something_sent(rows):
    """Evidence that is there, of replies that were sent."""
    return rows.filter(id__in=ReplyEvidence.objects.exclude(reply__sent_at=None).values("pk"))
