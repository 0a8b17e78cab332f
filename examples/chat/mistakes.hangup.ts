/** The chat with each of its three mistakes: every sweep finds them. */
import { config } from 'hangup';
import { room } from './room.ts';

export default config({
  scenarios: [room('chat/resend', 'resend'), room('chat/cursor', 'cursor'), room('chat/listener', 'listener')],
});
