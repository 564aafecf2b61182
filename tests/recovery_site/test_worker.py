import pytest
from celery.signals import task_prerun
from django.db import Error, connection

from notifications.models import Heartbeat
from notifications.tasks import deliver


@pytest.mark.skipif(connection.vendor == "sqlite", reason="no server that ends connections")
@pytest.mark.django_db(transaction=True)
def test_row_25_a_server_that_restarts_costs_the_worker_no_task_after_the_next():
    """A process of the worker lives for months, and its database ends every connection now and then."""
    assert not Heartbeat.objects.exists()
    connection.connection.close()
    with pytest.raises(Error):
        Heartbeat.objects.exists()
    task_prerun.send(sender=deliver)
    assert not Heartbeat.objects.exists()
