"""What is written to standard error, and how much of it."""

import logging


class WithoutTraceback(logging.Filter):
    """Leaves a record its line: where it was raised is always the same place."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True
