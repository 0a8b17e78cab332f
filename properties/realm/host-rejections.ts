/** A program of its own, because who listens for rejections listens for all of its process: prints who was told what. */
import { alone } from './alone.ts';

const told: unknown[] = [];
const listener = (reason: unknown): void => void told.push((reason as Error).message);
process.on('unhandledRejection', listener);

const handled = Promise.reject(new Error('handled behind the run'));
void Promise.reject(new Error('handled by nobody'));
const { said } = alone('setTimeout(console.log, 1, 1);');
await handled.catch(() => {});
await new Promise((done) => setTimeout(done, 20));
const left = process.listeners('unhandledRejection').map((each) => each === listener);
console.log(JSON.stringify({ said, told, left }));
