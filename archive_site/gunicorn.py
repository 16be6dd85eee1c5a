"""How gunicorn serves the archive: `gunicorn --config archive_site/gunicorn.py`.

The command line and GUNICORN_CMD_ARGS come after this file, so that one server can differ.
"""

import gc
import os
import signal
import threading
from pathlib import Path
from typing import Any

wsgi_app = "archive_site.wsgi:application"
proc_name = "backfile"

# Threads keep connections alive and overlap waits for the database; processes use the cores.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
if workers < 1:
    # gunicorn would listen, and nobody would answer.
    raise ValueError("WEB_CONCURRENCY must be 1 or more.")
threads = 8
keepalive = 5

# A worker that is silent for this long is replaced; one asked to stop has as long to finish.
timeout = 30
graceful_timeout = 30
# Heartbeats belong in memory: on a busy disk a healthy worker could look silent.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# Requests beyond these are refused before Django sees them.
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190

# Whether a request came over TLS is decided in one place, the setting PROXY_TRUSTED: gunicorn
# itself believes no header, and drops those whose names could pass for others.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
forwarded_allow_ips = "127.0.0.1,::1"
header_map = "drop"

umask = 0o027
control_socket_disable = True
accesslog = None
errorlog = "-"


def post_fork(_server: Any, _worker: Any) -> None:
    """Collect nothing while the application is imported: all that it makes is there to stay, and to
    look through it again and again is a sixth of what a start takes."""
    gc.disable()


def post_worker_init(worker: Any) -> None:
    """Leave Ctrl-C to the master, and read what lists are counted in before a reader waits for it.

    A terminal sends Ctrl-C to master and workers, and the master tells them too: a worker that is
    told twice at once locks itself up until it is killed.
    """
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if worker.app.app_uri == wsgi_app:
        threading.Thread(target=settle, daemon=True).start()


def settle() -> None:
    """Read what lists are counted in, and leave what a worker keeps for good out of collections.

    Python looks through all objects from time to time, and a worker answers nobody meanwhile: some
    130,000 of them are modules, addresses and models, which stay as long as the worker does.
    """
    # The application is loaded by now, and not before.
    from articles.counting import live

    live.warm()
    gc.collect()
    gc.freeze()
