#!/usr/bin/env python
"""Django's command line for this site."""

import errno
import gc
import os
import sys

#: A disk that is full or cannot be written.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


def main() -> None:
    """Run the command named on the command line."""
    # All that is imported stays: to look for garbage among it takes an eighth of the start.
    gc.set_threshold(10_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here. Run `make install`, then .venv/bin/python manage.py"
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError, OSError) as error:
        # The machine's or the settings' fault, which no line of ours explains.
        if "--traceback" in sys.argv or (isinstance(error, OSError) and error.errno not in DISK):
            raise
        about = "The database cannot be used: " if isinstance(error, OperationalError) else ""
        raise SystemExit(f"{about}{str(error).strip()}") from None


if __name__ == "__main__":
    main()
