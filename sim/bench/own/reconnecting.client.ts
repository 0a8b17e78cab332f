import ReconnectingWebSocket from 'reconnecting-websocket';
import { probe } from '../../system/probe.ts';

interface Socket {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

// A bundler takes its build of ES modules, whose default export is the class; its types are those of the other build.
const Class = ReconnectingWebSocket as unknown as new (url: string) => Socket;
const socket = new Class('ws://server/');
socket.addEventListener('message', ({ data }) => probe.received('all', String(data)));

export const send = (text: string): void => socket.send(text);
export const leave = (): void => socket.close();
