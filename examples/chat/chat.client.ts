/** The chat as a page has it, and what happened at its boundary. */
import { probe } from 'hangup/probe';
import { type Bug, Chat } from './chat.ts';

const chat = new Chat('ws://server/chat', {
  bug: process.env.CHAT_BUG as Bug | undefined,
  onLine: (line) => probe.received('room', `${line}\n`),
});

export const say = async (text: string): Promise<void> => {
  probe.submitted(text);
  await chat.say(text);
  probe.settled(text, 'done');
};

export const leave = (): void => chat.close();
