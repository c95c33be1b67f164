"""The guard of the suite itself: what would lead to another machine is refused and told (W10)."""

import socket

import pytest

from tests import foreign


@pytest.fixture(autouse=True)
def forgotten():
    yield
    foreign.refused.clear()


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "council.example"])
def test_no_connection_is_opened_to_another_machine(host):
    with pytest.raises(PermissionError):
        socket.create_connection((host, 443), timeout=1)
    assert foreign.refused == [host]


def test_no_datagram_is_sent_to_another_machine():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, pytest.raises(PermissionError):
        sender.sendto(b"", ("192.0.2.1", 53))
    assert foreign.refused == ["192.0.2.1"]


def test_this_machine_may_be_called():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=1).close()
    assert foreign.refused == []
