"""Messages as files, where no broker runs. As kombu has it, but a message is there whole or not at all: one
that a full disk, or a kill, cut short would end the worker that takes it, and with it all of `make run`.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # its bases differ
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        draft = folder / f"{name}.draft"  # which is nobody's message yet
        try:
            draft.write_text(dumps(payload))
            draft.rename(folder / name)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ChannelError("The message could not be written") from error


class Transport(filesystem.Transport):
    Channel = Channel
