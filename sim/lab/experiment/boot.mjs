// From source (tests, `npm run dev`) a thread needs the TypeScript loader before its first import.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
