/** What a page sees of a WebSocket that talks through a link. */
import { describe, expect, test } from 'vitest';
import { inPage } from './one-page.ts';

describe('a WebSocket of a page', () => {
  test('opens, talks and closes through bytes on a link', () => {
    const { said } = inPage(`
      const socket = new WebSocket('ws://server/chat');
      console.log(socket.readyState, socket.url, socket.bufferedAmount);
      socket.onopen = () => { console.log('open', socket.readyState); socket.send('hello'); console.log(socket.bufferedAmount) };
      socket.onmessage = ({ data, origin }) => { console.log(data, origin, socket.bufferedAmount); socket.close(3001, 'bye') };
      socket.onclose = ({ code, reason, wasClean }) => console.log('close', code, reason, wasClean, socket.readyState);
      socket.onerror = () => console.log('error');
    `);
    expect(said).toEqual([
      '0 ws://server/chat 0',
      'open 1',
      '5',
      'hello ws://server 0',
      'close 3001 bye true 3',
      'server closed 3001 bye true',
    ]);
  });
});
