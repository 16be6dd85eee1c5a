"""Tell whether a port can be served on, before anything else is done: port.py [--announce] PORT."""

import errno
import socket
import sys


def problem(port: str) -> str:
    """Return why *port* cannot be used, with the remedy, or nothing."""
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        return f"PORT must be a number from 1 to 65535, not {port!r}."
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Port {port} is taken: something on this machine is serving there already."
                    f"\nStop it, or choose another: make … PORT={min(int(port) + 10, 65535)}"
                )
            return f"Port {port} cannot be used ({error.strerror}): choose another, PORT=8010."
    return ""


def main() -> None:
    """Check the port, or print the address that is about to be served."""
    *flags, port = sys.argv[1:] or [""]
    if flags == ["--announce"]:
        address = f"http://127.0.0.1:{port}/"
        print(f"\n  The archive is at  {address}")
        print(f"  Its admin is at    {address}admin/")
        print("  Ctrl-C stops it.\n", flush=True)
        return
    if flags or (message := problem(port)):
        sys.exit(message if not flags else "usage: port.py [--announce] PORT")


if __name__ == "__main__":
    main()
