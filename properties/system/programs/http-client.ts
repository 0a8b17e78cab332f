/** An HTTP client that asks for each sort of answer, one after the other. */
import { Agent, type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';

const agent = new Agent({ keepAlive: true });
type Case = readonly [name: string, options: object, after?: (request: ClientRequest) => void];
const cases: Case[] = [
  ['/whole', {}],
  ['/chunked', {}],
  ['/head', { method: 'HEAD' }],
  ['/none', {}],
  ['/post', { method: 'POST' }, (its) => its.end('some body')],
  ['/post', { method: 'POST', headers: { 'Content-Length': 9 } }, (its) => its.write('some ') && its.end('body')],
  ['/whole', { agent }],
  ['/whole', { agent }],
  ['/slow', { timeout: 100 }, (its) => its.on('timeout', () => its.destroy())],
  ['/slow', {}, (its) => setTimeout(() => its.abort(), 50)],
  ['/hangup', {}],
  ['/cut', {}],
  ['/throw', { headers: { 'X-Many': ['1', '2'], Cookie: ['a=1', 'b=2'] } }],
];

function next(): void {
  const one = cases.shift();
  if (one === undefined) {
    agent.destroy();
    raw();
    return;
  }
  const [path, options, after] = one;
  const say = (text: string): void => console.log(`${path} ${text}`);
  const its = request({ host: 'server', port: 8080, path, ...options });
  its.on('response', (response) => {
    const { date, ...headers } = response.headers;
    say(`response ${response.statusCode} ${response.statusMessage} ${JSON.stringify(headers)} ${date !== undefined}`);
    response.on('data', (data) => say(`data ${data}`));
    response.on('end', () => say(`end ${response.complete}`));
    response.on('aborted', () => say('aborted'));
    response.on('error', (error: NodeJS.ErrnoException) => say(`response error ${error.code} ${error.message}`));
    response.on('close', () => say(`response close ${response.complete}`));
  });
  for (const event of ['abort', 'finish', 'timeout'] as const) its.on(event, () => say(event));
  its.on('socket', () => say(`socket ${its.reusedSocket}`));
  its.on('error', (error: NodeJS.ErrnoException) => say(`error ${error.code} ${error.message}`));
  its.on('close', () => {
    say('close');
    setTimeout(next, 30);
  });
  if (after !== undefined) after(its);
  if (!its.writableEnded) its.end();
}

/** What is no HTTP. */
function raw(): void {
  const socket = connect(8080, 'server');
  socket.on('data', (data) => console.log(`raw ${String(data).split('\r\n')[0]}`));
  socket.on('close', () => console.log('raw close'));
  socket.write('NONSENSE\r\n\r\n');
}
next();
