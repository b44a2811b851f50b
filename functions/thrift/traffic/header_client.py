"""Makes calls with the HEADER transport, which Apache Thrift's Python library speaks. One line of JSON in, one out: see driver.ts."""

import json
import sys

from thrift.protocol.THeaderProtocol import THeaderProtocol
from thrift.Thrift import TApplicationException, TMessageType, TType
from thrift.transport.THeaderTransport import THeaderClientType, THeaderSubprotocolID
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport, TTransportException


def connect(request):
    sock = TSocket(request["address"], request["port"])
    sock.setTimeout(5000)
    protocol_id = THeaderSubprotocolID.COMPACT if request.get("protocol") == "compact" else THeaderSubprotocolID.BINARY
    protocol = THeaderProtocol(TBufferedTransport(sock), (THeaderClientType.HEADERS,), protocol_id)
    sock.open()
    return protocol


def write_call(protocol, request, sequence):
    # They are of one call, not of the connection.
    for key, value in request.get("headers", {}).items():
        protocol.set_header(key.encode(), value.encode())
    protocol.writeMessageBegin(request["method"], TMessageType.CALL, sequence)
    protocol.writeStructBegin("args")
    protocol.writeFieldBegin("argument", TType.STRING, 1)
    protocol.writeString(request["argument"])
    protocol.writeFieldEnd()
    protocol.writeFieldStop()
    protocol.writeStructEnd()
    protocol.writeMessageEnd()
    protocol.trans.flush()


def read_reply(protocol):
    _, kind, _ = protocol.readMessageBegin()
    if kind == TMessageType.EXCEPTION:
        problem = TApplicationException()
        problem.read(protocol)
        protocol.readMessageEnd()
        return {"error": f"TApplicationException {problem.type}: {problem.message}"}
    value = ""
    protocol.readStructBegin()
    while True:
        _, kind, field = protocol.readFieldBegin()
        if kind == TType.STOP:
            break
        if field == 0 and kind == TType.STRING:
            value = protocol.readString()
        else:
            protocol.skip(kind)
        protocol.readFieldEnd()
    protocol.readStructEnd()
    protocol.readMessageEnd()
    return {"value": value}


def call_all(request):
    replies = []
    protocol = None
    for sequence in range(request["times"]):
        try:
            protocol = protocol or connect(request)
            write_call(protocol, request, sequence)
            replies.append(read_reply(protocol))
        except (TTransportException, OSError) as problem:
            replies.append({"error": f"connection: {problem}"})
            protocol = None
        if protocol and request.get("reconnect"):
            protocol.trans.close()
            protocol = None
    return replies


for line in sys.stdin:
    print("> " + json.dumps({"replies": call_all(json.loads(line))}), flush=True)
