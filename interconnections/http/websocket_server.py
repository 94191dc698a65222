"""uvicorn's side of websockets, `--ws interconnections.http.websocket_server:Sockets`.

Its own waits without end where one is asked for by any method but GET, as it takes that for no handshake.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from interconnections.http.limits import NO_SOCKET, sentence


class Sockets(WebSocketsSansIOProtocol):
    _asked = False

    def data_received(self, data: bytes) -> None:
        first, self._asked = not self._asked, True
        if first and not data.startswith(b"GET "):
            self.transport.write(refusal())
            self.transport.close()
        else:
            super().data_received(data)


def refusal() -> bytes:
    text, headers = sentence(NO_SOCKET)
    lines = [b"HTTP/1.1 404 Not Found", *(name + b": " + value for name, value in headers), b"connection: close"]
    return b"\r\n".join(lines) + b"\r\n\r\n" + text
