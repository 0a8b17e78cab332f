// From source (tests, `npm run dev`) a worker process needs the TypeScript loader before its first import.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
