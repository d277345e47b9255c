"""A TCP relay that a test can cut: what passes through it is a link between two nodes."""
import selectors
import socket
import threading


class Relay:
    """Forwards connections on `port` to `target`; while cut it closes what is open and refuses what comes."""

    def __init__(self, target):
        self.target = target
        self.is_cut = False
        self._pairs = {}
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self):
        with self._lock:
            self.is_cut = True
            for end in list(self._pairs):
                self._drop(end)

    def mend(self):
        with self._lock:
            self.is_cut = False

    def stop(self):
        self._stopped = True
        self._thread.join()

    def _run(self):
        while not self._stopped:
            for key, _ in self._selector.select(timeout=0.1):
                with self._lock:
                    if key.fileobj is self._listener:
                        self._accept()
                    else:
                        self._forward(key.fileobj)

    def _accept(self):
        near, _ = self._listener.accept()
        if self.is_cut:
            near.close()
            return
        try:
            far = socket.create_connection(self.target, timeout=1)
        except OSError:
            near.close()
            return
        for one, other in ((near, far), (far, near)):
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward(self, end):
        if end not in self._pairs:
            return
        try:
            data = end.recv(65536)
            if data:
                self._pairs[end].sendall(data)
                return
        except OSError:
            pass
        self._drop(end)

    def _drop(self, end):
        other = self._pairs.pop(end, None)
        if other is None:
            return
        self._pairs.pop(other, None)
        for one in (end, other):
            self._selector.unregister(one)
            # A reset, not a polite end: a cut cable says no goodbye.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            one.close()
