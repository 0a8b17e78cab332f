/** The chat as it is: every law holds. */
import { room } from './room.ts';

export default room('chat');
