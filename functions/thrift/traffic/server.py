"""`server.py <name> <port> [header]`: a Thrift server of every transport and protocol, or of HEADER with COMPACT alone.

It has no IDL: every method takes one string (field 1) and returns one. An answer begins with the server's name and the method
as it arrived, which is how a caller sees where a call went and what became of it.
"""

import collections
import socket
import sys
import threading

from thrift.protocol.THeaderProtocol import THeaderProtocol
from thrift.Thrift import TApplicationException, TMessageType, TType
from thrift.transport.THeaderTransport import THeaderClientType, THeaderSubprotocolID
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport, TTransportException

name, port = sys.argv[1], int(sys.argv[2])
only_header = sys.argv[3:] == ["header"]
EVERY = (
    THeaderClientType.HEADERS,
    THeaderClientType.FRAMED_BINARY,
    THeaderClientType.UNFRAMED_BINARY,
    THeaderClientType.FRAMED_COMPACT,
    THeaderClientType.UNFRAMED_COMPACT,
)
# How often each method was called since somebody asked.
seen = collections.Counter()


def read_argument(protocol):
    argument = ""
    protocol.readStructBegin()
    while True:
        _, kind, field = protocol.readFieldBegin()
        if kind == TType.STOP:
            break
        if field == 1 and kind == TType.STRING:
            argument = protocol.readString()
        else:
            protocol.skip(kind)
        protocol.readFieldEnd()
    protocol.readStructEnd()
    protocol.readMessageEnd()
    return argument


def answer(method, argument, headers):
    plain = method.rpartition(":")[2]
    if plain == "seen":
        return str(seen.pop(argument, 0))
    seen[plain] += 1
    if plain == "length":
        return f"{method} {len(argument)}"
    if plain == "big":
        return f"{method} " + "x" * int(argument)
    if plain == "headers":
        return f"{method} " + ",".join(sorted(key.decode() for key in headers))
    return f"{method} {argument}"


def write_string(protocol, field, text):
    protocol.writeFieldBegin("", TType.STRING, field)
    protocol.writeString(text)
    protocol.writeFieldEnd()


def reply(protocol, method, sequence, argument):
    # A multiplexed server answers without the service's name.
    answered = method.rpartition(":")[2]
    if method.endswith("undefined"):
        protocol.writeMessageBegin(answered, TMessageType.EXCEPTION, sequence)
        TApplicationException(TApplicationException.UNKNOWN_METHOD, f"{name}: Unknown function {method}").write(protocol)
    else:
        protocol.writeMessageBegin(answered, TMessageType.REPLY, sequence)
        protocol.writeStructBegin("result")
        if method.endswith("refuse"):
            # An exception that the method declares.
            protocol.writeFieldBegin("", TType.STRUCT, 1)
            protocol.writeStructBegin("Refused")
            write_string(protocol, 1, f"{name} {argument}")
            protocol.writeFieldStop()
            protocol.writeStructEnd()
            protocol.writeFieldEnd()
        else:
            write_string(protocol, 0, f"{name} {answer(method, argument, protocol.get_headers())}")
        protocol.writeFieldStop()
        protocol.writeStructEnd()
    protocol.writeMessageEnd()
    protocol.trans.flush()


def serve(connection):
    with connection:
        transport = TSocket()
        transport.setHandle(connection)
        allowed = (THeaderClientType.HEADERS,) if only_header else EVERY
        protocol = THeaderProtocol(TBufferedTransport(transport), allowed)
        try:
            while True:
                method, kind, sequence = protocol.readMessageBegin()
                argument = read_argument(protocol)
                if only_header and protocol.trans.protocol_id != THeaderSubprotocolID.COMPACT:
                    return
                if kind == TMessageType.ONEWAY:
                    seen[method.rpartition(":")[2]] += 1
                else:
                    reply(protocol, method, sequence, argument)
        except (TTransportException, OSError):
            # The caller has gone, or speaks what this server does not.
            return


listener = socket.create_server(("0.0.0.0", port))
print("ready", file=sys.stderr, flush=True)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
