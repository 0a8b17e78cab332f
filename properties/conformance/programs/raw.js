/**
 * A server that is a list of steps, over plain TCP: what it says to each connection, byte by byte, and what it saw.
 * A step is a list: its name, then what it takes.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { log, ready } from './log.js';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const NAMES = Object.fromEntries(Object.entries(OPCODES).map(([name, code]) => [code, name]));

/** `scripts`: one for each connection, the last for all that follow. */
export function raw({ port }, scripts, { halfOpen = false } = {}) {
  let connections = 0;
  const server = createServer({ allowHalfOpen: halfOpen }, (socket) => {
    const script = scripts[Math.min(connections, scripts.length - 1)];
    connections += 1;
    follow(socket, script, connections === 1 ? '' : `${connections}: `);
  });
  server.listen(port, ready);
}

function follow(socket, script, prefix) {
  const seen = {
    pieces: [],
    size: 0,
    needs: 1,
    bytes: Buffer.alloc(0),
    head: null,
    frames: [],
    wake() {},
    message: null,
  };
  const say = (what, ...facts) => log(prefix + what, ...facts);
  socket.on('data', (data) => {
    seen.pieces.push(data);
    seen.size += data.length;
    if (seen.size < seen.needs) return;
    seen.bytes = Buffer.concat([seen.bytes, ...seen.pieces.splice(0)]);
    seen.needs = 1;
    if (seen.head === null) takeHead(seen);
    if (seen.head !== null) takeFrames(seen, say);
    seen.size = seen.bytes.length;
    seen.wake();
  });
  socket.on('end', () => say('end'));
  socket.on('error', (error) => say('error', error.code));
  socket.on('close', () => say('closed'));
  carryOut(socket, script, seen, say);
}

async function carryOut(socket, script, seen, say) {
  const until = async (holds) => {
    while (!holds()) {
      await new Promise((resolve) => {
        seen.wake = resolve;
      });
    }
  };
  for (const [step, ...what] of script) {
    if (step === 'head') await until(() => seen.head !== null);
    else if (step === 'say head') sayHead(seen.head, say, what);
    else if (step === 'accept') socket.write(answerTo(seen.head, what[0]));
    else if (step === 'write') socket.write(what[0]);
    else if (step === 'hex') socket.write(Buffer.from(what[0], 'hex'));
    else if (step === 'frames') socket.write(Buffer.concat(what.map(frame)));
    else if (step === 'bytes one by one') await oneByOne(socket, Buffer.concat(what.map(frame)));
    else if (step === 'got') await until(() => seen.frames.includes(what[0]));
    else if (step === 'wait') await new Promise((resolve) => setTimeout(resolve, what[0]));
    else if (step === 'end') socket.end();
    else if (step === 'destroy') socket.destroy();
    else if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'pause') socket.pause();
    else if (step === 'resume') socket.resume();
    else throw new Error(`no step ${step}`);
  }
}

function takeHead(seen) {
  const end = seen.bytes.indexOf('\r\n\r\n');
  if (end < 0) return;
  seen.head = seen.bytes.subarray(0, end).toString('latin1').split('\r\n');
  seen.bytes = seen.bytes.subarray(end + 4);
}

function field(head, name) {
  const line = head.find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim();
}

function sayHead(head, say, names) {
  say('request', head[0]);
  for (const name of names) say(name, name === 'sec-websocket-key' ? field(head, name)?.length : field(head, name));
}

/** The answer that opens, with `headers` more, and the frames `behind` right behind it in one write. */
function answerTo(
  head,
  {
    accept,
    protocol,
    headers = [],
    without = [],
    status = '101 Switching Protocols',
    version = '1.1',
    behind = [],
  } = {},
) {
  const key = createHash('sha1')
    .update(`${field(head, 'sec-websocket-key')}${GUID}`)
    .digest('base64');
  const lines = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept ?? key}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ...headers,
  ].filter((line) => !without.some((name) => line.startsWith(`${name}:`)));
  return Buffer.concat([
    Buffer.from(`${[`HTTP/${version} ${status}`, ...lines].join('\r\n')}\r\n\r\n`),
    ...behind.map(frame),
  ]);
}

/**
 * `[opcode, payload, {fin, rsv, mask, length}]`: the payload is text, `{hex}`, `{code, reason}` or `{fill, times}`;
 * `length` is how its length is written, 7, 16 or 64 bits, where that is not the shortest way.
 */
function frame([opcode, payload = '', { fin = true, rsv = 0, mask = false, length = 0 } = {}]) {
  const body = bytesOf(payload);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | (OPCODES[opcode] ?? opcode)];
  const bits = length || (body.length < 126 ? 7 : body.length < 65_536 ? 16 : 64);
  const masked = mask ? 0x80 : 0;
  if (bits === 7) head.push(masked | body.length);
  else if (bits === 16) head.push(masked | 126, body.length >> 8, body.length & 255);
  else head.push(masked | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (body.length >>> shift) & 255));
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([Buffer.from(head), Buffer.alloc(mask ? 4 : 0), body]);
}

function bytesOf(payload) {
  if (typeof payload === 'string') return Buffer.from(payload);
  if (payload.hex !== undefined) return Buffer.from(payload.hex, 'hex');
  if (payload.fill !== undefined) return Buffer.alloc(payload.times, payload.fill);
  return Buffer.concat([Buffer.from([payload.code >> 8, payload.code & 255]), Buffer.from(payload.reason ?? '')]);
}

async function oneByOne(socket, bytes) {
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function takeFrames(seen, say) {
  for (;;) {
    const { bytes } = seen;
    if (bytes.length < 2) return;
    let length = bytes[1] & 127;
    let at = 2;
    if (length === 126) {
      if (bytes.length < 4) return;
      length = bytes.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return;
      length = Number(bytes.readBigUInt64BE(2));
      at = 10;
    }
    const masked = (bytes[1] & 128) !== 0;
    const mask = bytes.subarray(at, at + 4);
    if (masked) at += 4;
    if (bytes.length < at + length) {
      // A long message is put together once, and not with each of its pieces.
      seen.needs = at + length;
      return;
    }
    const body = Buffer.from(bytes.subarray(at, at + length));
    if (masked) for (let i = 0; i < length; i += 1) body[i] ^= mask[i & 3];
    seen.bytes = bytes.subarray(at + length);
    const name = NAMES[bytes[0] & 15] ?? bytes[0] & 15;
    const last = (bytes[0] & 128) !== 0;
    // How a client cuts a large message is its own affair.
    if (name === 'continuation') seen.message.parts.push(body);
    else if (name === 'text' || name === 'binary') seen.message = { name, parts: [body] };
    else {
      seen.frames.push(name);
      say(`got ${name}`, ...told(name, body), ...(masked ? [] : ['not masked']));
    }
    if (last && (bytes[0] & 8) === 0) {
      seen.frames.push(seen.message.name);
      say(
        `got ${seen.message.name}`,
        ...told(seen.message.name, Buffer.concat(seen.message.parts)),
        ...(masked ? [] : ['not masked']),
      );
    }
  }
}

function told(name, body) {
  if (name === 'close') return body.length < 2 ? [] : [body.readUInt16BE(0), body.subarray(2).toString()];
  if (body.length > 64) return [body.length];
  return [name === 'binary' ? body.toString('hex') : body.toString()];
}
