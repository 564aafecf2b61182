"""What `manage.py backup` writes and `manage.py restore` reads (docs/backup.md).

The database alone is kept: pictures lie in it, and everything else in DATA_DIR can be made again, but for
the keys, which must lie elsewhere. A backup is a tar of the dump and a manifest, sealed with age for a key
that is not on the server. Beside it lies the list of who was erased, which a restore goes through (A8).
"""


class Refused(Exception):
    """Says in words for the operator what stands in the way. Nothing was changed."""
