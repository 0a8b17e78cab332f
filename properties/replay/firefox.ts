/** An installed Firefox, without a window, driven by WebDriver BiDi: enough to open a page, press keys and look. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { isExecutable } from '../report/browser.ts';

const INSTALLED = [
  process.env.FIREFOX_PATH ?? '',
  '/usr/bin/firefox',
  '/usr/bin/firefox-esr',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Its path; undefined where none is installed. */
export const firefoxPath = (): string | undefined => INSTALLED.find(isExecutable);

type Fields = Readonly<Record<string, unknown>>;

export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Fields) => void>();
  /** What was written to the console, and errors that nobody caught. */
  readonly logged: string[] = [];
  #last = 0;
  #context = '';

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data) => {
      const said = JSON.parse(String(data)) as Fields & { readonly id?: number; readonly params?: Fields };
      if (said.id !== undefined) this.#waiting.get(said.id)?.(said);
      else if (said.method === 'log.entryAdded') this.logged.push(String(said.params?.text));
    });
  }

  static async start(path: string): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'hangup-firefox-'));
    const started = spawn(path, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const address = await new Promise<string>((resolve, reject) => {
      let text = '';
      started.stderr?.on('data', (data) => {
        text += String(data);
        const found = /WebDriver BiDi listening on (ws:\S+)/.exec(text);
        if (found !== null) resolve(`${found[1]}/session`);
      });
      started.once('error', reject);
      started.once('exit', () => reject(new Error(`Firefox ended: ${text}`)));
    });
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const firefox = new Firefox(started, profile, socket);
    await firefox.#ask('session.new', { capabilities: {} });
    await firefox.#ask('session.subscribe', { events: ['log.entryAdded'] });
    const { contexts } = (await firefox.#ask('browsingContext.getTree', {})) as { readonly contexts: Fields[] };
    firefox.#context = String(contexts[0]?.context);
    return firefox;
  }

  async #ask(method: string, params: Fields): Promise<Fields> {
    const id = ++this.#last;
    const answer = await new Promise<Fields>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.type === 'error') throw new Error(`${method}: ${answer.message}`);
    return answer.result as Fields;
  }

  async open(url: string, width = 1440, height = 900): Promise<void> {
    const context = this.#context;
    await this.#ask('browsingContext.setViewport', { context, viewport: { width, height } });
    await this.#ask('browsingContext.navigate', { context, url, wait: 'complete' });
  }

  /** The value of an expression, once it is not false. */
  async until(expression: string): Promise<unknown> {
    for (;;) {
      const { result } = (await this.#ask('script.evaluate', {
        expression,
        target: { context: this.#context },
        awaitPromise: true,
      })) as { readonly result?: { readonly type: string; readonly value?: unknown } };
      if (result?.value !== undefined && result.value !== false && result.value !== '') return result.value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async press(...keys: readonly string[]): Promise<void> {
    const actions = keys.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#ask('input.performActions', {
      context: this.#context,
      actions: [{ type: 'key', id: 'keys', actions }],
    });
  }

  /** A picture of what is seen, as PNG. */
  async picture(): Promise<Buffer> {
    const { data } = await this.#ask('browsingContext.captureScreenshot', { context: this.#context });
    return Buffer.from(String(data), 'base64');
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#socket.terminate();
    this.#process.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
