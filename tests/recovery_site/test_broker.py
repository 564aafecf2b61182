"""The folder that stands in for a broker: a message is there whole, or it is not there (row 25)."""

from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from recovery_site.celery import app
from recovery_site.environment import broker_options
from tests.full_disk import full_disk


def test_row_25_a_message_that_a_full_disk_cuts_short_is_none(tmp_path: Path) -> None:
    assert app.conf.broker_channel_error_retry  # what cannot be read for a while ends no worker either
    url = "filesystem://localhost"
    with Connection(url, transport_options=broker_options(url, tmp_path)) as broker:
        queue = broker.SimpleQueue("ticks")
        queue.put("first")
        with full_disk(), pytest.raises(ChannelError):
            queue.put("cut")
        queue.put("last")
        taken = []
        for _each in range(2):
            message = queue.get(timeout=2)
            taken.append(message.payload)
            message.ack()
        assert taken == ["first", "last"]
        assert list((tmp_path / "messages").iterdir()) == []
