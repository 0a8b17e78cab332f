/** A server that ends a second after it began, whatever happens. */
import { createServer } from 'node:http';

createServer().listen(8080);
setTimeout(() => process.exit(1), 1000);
