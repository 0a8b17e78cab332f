/** Loaded before the command (`--import`): it judges by a law that no run keeps, too. */
import { plant } from './planted.ts';

plant();
