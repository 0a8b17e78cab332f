import { probe } from 'hangup/probe';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { Notes, type Socket } from './notes.ts';

const notes = new Notes(new ReconnectingWebSocket('ws://server/') as unknown as Socket, {
  watch: process.env.WATCH !== 'no',
  onTick: (tick) => probe.received('ticks', tick),
  onTaken: (note) => probe.settled(note, 'done'),
});

export const write = (note: string): void => {
  probe.submitted(note);
  notes.write(note);
};
export const leave = (): void => notes.close();
