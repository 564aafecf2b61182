"""Beat's schedule, which outlives a disk that takes nothing for a while."""

import dbm
import logging

from celery.beat import PersistentScheduler

log = logging.getLogger(__name__)


class Clock(PersistentScheduler):
    def sync(self) -> None:
        """When each task ran last is kept in memory, and in a file every three minutes, for a restart.

        A file that cannot be written must not end beat, and with it each reminder.
        """
        try:
            super().sync()
        except dbm.error as error:
            self._store.writeback = True  # which shelve leaves off, so that nothing would be kept again
            log.warning("beat keeps its times in memory alone: %s", type(error).__name__)
