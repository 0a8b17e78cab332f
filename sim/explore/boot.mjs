// From source (tests, `npm run dev`) a worker thread needs the TypeScript loader before its first import.
import { register } from 'tsx/esm/api';

register();
export default (await import('./worker.ts')).default;
