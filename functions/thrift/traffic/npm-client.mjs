// `npm-client.mjs <folder with node_modules/thrift>`: makes calls with Apache Thrift's own package for Node, the way its
// generated clients do. One line of JSON in, one out: see driver.ts.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const thrift = createRequire(join(process.argv[2], 'package.json'))('thrift')
const { Thrift } = thrift

const forms = {
  'framed binary': { transport: thrift.TFramedTransport, protocol: thrift.TBinaryProtocol },
  'framed compact': { transport: thrift.TFramedTransport, protocol: thrift.TCompactProtocol },
  'buffered binary': { transport: thrift.TBufferedTransport, protocol: thrift.TBinaryProtocol },
  'buffered compact': { transport: thrift.TBufferedTransport, protocol: thrift.TCompactProtocol },
}

/** What the compiler would generate for a service whose methods take and return one string. */
class Client {
  constructor(output, Protocol) {
    this.output = output
    this.Protocol = Protocol
    this._reqs = {}
    this.last = 0
  }

  new_seqid() {
    this.last += 1
    return this.last
  }

  send(method, argument, isOneWay, callback) {
    const sequence = this.new_seqid()
    if (!isOneWay) this._reqs[sequence] = callback
    // The connection finds the reader of a reply by its method. Envoy's own answers keep the service's name before it.
    this[`recv_${method}`] = this.receive
    this[`recv_${this.service}:${method}`] = this.receive
    const output = new this.Protocol(this.output)
    output.writeMessageBegin(method, isOneWay ? Thrift.MessageType.ONEWAY : Thrift.MessageType.CALL, sequence)
    output.writeStructBegin('args')
    output.writeFieldBegin('argument', Thrift.Type.STRING, 1)
    output.writeString(argument)
    output.writeFieldEnd()
    output.writeFieldStop()
    output.writeStructEnd()
    output.writeMessageEnd()
    this.output.flush()
    if (isOneWay) callback(undefined, 'sent')
  }

  receive(input, type, sequence) {
    const callback = this._reqs[sequence]
    if (type === Thrift.MessageType.EXCEPTION) {
      const problem = new Thrift.TApplicationException()
      problem.read(input)
      input.readMessageEnd()
      callback(`TApplicationException ${problem.type}: ${problem.message}`)
      return
    }
    const fields = readStrings(input)
    input.readMessageEnd()
    if (fields.refused === undefined) callback(undefined, fields.value)
    else callback(`Refused: ${fields.refused}`)
  }
}

/** Field 0 is what the method returns, field 1 the exception that it declares. */
function readStrings(input) {
  const found = {}
  input.readStructBegin()
  for (let field = input.readFieldBegin(); field.ftype !== Thrift.Type.STOP; field = input.readFieldBegin()) {
    if (field.fid === 0) found.value = input.readString()
    else if (field.fid === 1) found.refused = readStruct(input)
    else input.skip(field.ftype)
    input.readFieldEnd()
  }
  input.readStructEnd()
  return found
}

function readStruct(input) {
  let text = ''
  input.readStructBegin()
  for (let field = input.readFieldBegin(); field.ftype !== Thrift.Type.STOP; field = input.readFieldBegin()) {
    text = input.readString()
    input.readFieldEnd()
  }
  input.readStructEnd()
  return text
}

async function connect({ address, port, form = 'framed binary', service }) {
  const connection = thrift.createConnection(address, port, { ...forms[form], max_attempts: 1 })
  connection.on('error', () => {})
  const client =
    service === undefined
      ? thrift.createClient(Client, connection)
      : new thrift.Multiplexer().createClient(service, Client, connection)
  // What is written before that would be lost if the connection were ended at once.
  await new Promise((resolve) => {
    connection.once('connect', resolve)
    connection.once('error', resolve)
  })
  client.service = service
  return { connection, client }
}

function text(argument) {
  return typeof argument === 'object' ? 'x'.repeat(argument.repeat) : String(argument)
}

/** One call; an error of the connection, or 5 seconds without an answer, end it. */
function call({ connection, client }, { method, argument, oneWay }) {
  return new Promise((resolve) => {
    const end = (reply) => {
      clearTimeout(timer)
      connection.off('error', broken)
      connection.connection.off('close', closed)
      resolve(reply)
    }
    const broken = (problem) => end({ error: `connection: ${problem.message}`, broken: true })
    const closed = () => end({ error: 'connection: closed', broken: true })
    const timer = setTimeout(() => end({ error: 'no answer', broken: true }), 5000)
    connection.on('error', broken)
    connection.connection.on('close', closed)
    client.send(method, text(argument), oneWay === true, (problem, value) =>
      end(problem ? { error: problem } : { value }),
    )
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  const replies = []
  let open
  for (let i = 0; i < request.times; i += 1) {
    open ??= await connect(request)
    const { broken, ...reply } = await call(open, request)
    replies.push(reply)
    if (broken || request.reconnect) {
      // What was sent leaves before the connection does.
      open.connection.end()
      open = undefined
    }
  }
  open?.connection.end()
  console.log(`> ${JSON.stringify({ replies })}`)
}
