/** Pages of a real Chromium: each program has a profile of its own, and its page is of its server's origin. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Devtools } from './devtools.ts';
import type { Happening, Place, Script } from './program.ts';

/** One tab, and what can happen to it. */
export interface Tab {
  happen(what: Happening): Promise<void>;
  /** Another tab of the same client. */
  another(script: Script, say: (line: string) => void): Promise<Tab>;
  /** Ends the client with all its tabs. */
  close(): Promise<void>;
}

export async function openTab(
  browser: Devtools,
  place: Place,
  script: Script,
  say: (line: string) => void,
): Promise<Tab> {
  const { browserContextId } = await browser.send('Target.createBrowserContext');
  return open({ browser, browserContextId, place }, script, say, '/page');
}

interface Client {
  readonly browser: Devtools;
  readonly browserContextId: unknown;
  readonly place: Place;
}

async function open(client: Client, script: Script, say: (line: string) => void, path: string): Promise<Tab> {
  const { browser, browserContextId, place } = client;
  const { targetId } = await browser.send('Target.createTarget', {
    url: 'about:blank',
    browserContextId,
    newWindow: true,
  });
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const url = `${place.http}${path}`;
  const body = Buffer.from(await documentOf(place, script)).toString('base64');
  browser.on(session, (method, params) => {
    if (method === 'Runtime.consoleAPICalled') say(String((params.args as { value?: unknown }[])[0]?.value));
    else if (method === 'Fetch.requestPaused') {
      const responseHeaders = [{ name: 'Content-Type', value: 'text/html; charset=utf-8' }];
      const { requestId } = params;
      void browser.send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body }, session);
    }
  });
  for (const domain of ['Runtime', 'Page', 'Network']) await browser.send(`${domain}.enable`, {}, session);
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: url }] }, session);
  const tab: Tab = {
    happen: (what) => happen(browser, session, targetId, what),
    another: (other, speak) => open(client, other, speak, '/other'),
    close: async () => void (await browser.send('Target.disposeBrowserContext', { browserContextId })),
  };
  await browser.send('Page.navigate', { url }, session);
  return tab;
}

async function happen(browser: Devtools, session: string, targetId: unknown, what: Happening): Promise<void> {
  if (what === 'reload') await browser.send('Page.reload', {}, session);
  else if (what === 'close tab') await browser.send('Page.close', {}, session);
  else if (what === 'freeze' || what === 'resume') {
    await browser.send('Page.setWebLifecycleState', { state: what === 'freeze' ? 'frozen' : 'active' }, session);
  } else if (what === 'hide' || what === 'show') {
    const { windowId } = await browser.send('Browser.getWindowForTarget', { targetId });
    const windowState = what === 'hide' ? 'minimized' : 'normal';
    await browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
  } else {
    const conditions = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await browser.send('Network.emulateNetworkConditions', { offline: what === 'offline', ...conditions }, session);
  }
}

const bundles = new Map<string, Promise<string>>();

function bundleOf(module: string): Promise<string> {
  const known = bundles.get(module);
  if (known !== undefined) return known;
  const made = build({
    entryPoints: [fileURLToPath(new URL(`./programs/${module}.js`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'program',
    platform: 'browser',
    charset: 'utf8',
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  bundles.set(module, made);
  return made;
}

/** The program begins in a task of its own, when its document is there. */
async function documentOf(place: Place, { module, call, args }: Script): Promise<string> {
  const text = JSON.stringify([place, ...args]).replaceAll('</', '<\\/');
  const begin = `addEventListener('load', () => setTimeout(() => {
console.log('log: begun');
program[${JSON.stringify(call)}](...${text});
}, 0));`;
  const bundle = (await bundleOf(module)).replaceAll('</script', '<\\/script');
  return `<!doctype html><meta charset="utf-8"><title>program</title><script>${bundle}\n${begin}</script>`;
}
