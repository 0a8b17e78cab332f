import { WebSocket as PartySocket } from 'partysocket';
import { probe } from '../../system/probe.ts';

const socket = new PartySocket('ws://server/');
socket.addEventListener('message', ({ data }) => probe.received('all', String(data)));

export const send = (text) => socket.send(text);
export const leave = () => socket.close();
