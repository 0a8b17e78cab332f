/** An HTTP server with an answer of each sort. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const say = (text: string): void => console.log(`${request.method} ${request.url} ${text}`);
  say(`${request.httpVersion} ${request.headers.host?.split(':')[0] !== undefined} ${request.headers.connection}`);
  const body: string[] = [];
  request.on('data', (data) => body.push(String(data)));
  request.on('end', () => say(`end ${body.join('')}`));
  request.on('close', () => say('request close'));
  request.on('aborted', () => say('aborted'));
  request.on('error', (error: NodeJS.ErrnoException) => say(`request error ${error.code} ${error.message}`));
  response.on('finish', () => say('finish'));
  response.on('close', () => say(`response close ${response.writableFinished}`));
  switch (request.url) {
    case '/whole':
      response.setHeader('X-One', ['a', 'b']);
      response.end('hello');
      return;
    case '/chunked':
      response.write('one,');
      setTimeout(() => response.write('two,'), 20);
      setTimeout(() => response.end('three'), 40);
      return;
    case '/head':
      response.writeHead(204, 'Nothing Here', { 'X-Two': '2' });
      response.end();
      return;
    case '/post':
      request.on('end', () => response.end(`got ${body.join('').length}`));
      return;
    case '/slow':
      setTimeout(() => response.end('late'), 500);
      return;
    case '/hangup':
      request.socket.destroy();
      return;
    case '/cut':
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('only this');
      setTimeout(() => request.socket.destroy(), 20);
      return;
    case '/throw':
      response.statusCode = 500;
      response.end(JSON.stringify(request.headers['x-many'] ?? null));
      return;
    default:
      response.writeHead(404).end();
  }
});
server.on('connection', () => console.log('connection'));
server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
  console.log(`clientError ${error.code?.slice(0, 4)}`);
  socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
});
server.listen(8080, () => console.log('listening'));
process.on('SIGTERM', () => {
  console.log('SIGTERM');
  server.close(() => console.log('closed'));
  server.closeAllConnections();
});
