/** A page that wants to stay connected. */
import ReconnectingWebSocket from 'reconnecting-websocket';

const socket = new ReconnectingWebSocket('ws://server/stay');
socket.addEventListener('open', () => console.log('open'));
socket.addEventListener('close', () => console.log('close'));
export const leave = () => socket.close();
