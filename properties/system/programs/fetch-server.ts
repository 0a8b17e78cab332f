/** A server that says what it was asked, leads elsewhere, or hangs up. */
import { createServer } from 'node:http';

createServer((request, response) => {
  if (request.url === '/moved') response.writeHead(302, { Location: '/there' }).end();
  else if (request.url === '/never') request.socket.destroy();
  else {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => response.end(JSON.stringify([request.method, request.url, request.headers.accept, body])));
  }
}).listen(8080, () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
