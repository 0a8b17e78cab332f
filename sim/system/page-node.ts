/** A client whose process is a page, in its place in a world: what outlives the page, and what its browser does while it is frozen. */
import type { NodeSpec, Page } from '../core/world.ts';
import { browser, isOfBrowser, type PageOptions } from './page.ts';
import { Process, type ProcessConfig, processMachine } from './process.ts';

interface Stored {
  readonly local: readonly string[];
  readonly session: readonly string[];
}

type PageConfig = ProcessConfig<PageOptions>;

const CLIENT = processMachine('client');

/** It is loaded when its application says `start`. */
export function pageNode(id: string, module: PageConfig['module'], options: PageOptions = {}): NodeSpec {
  const config: PageConfig = { profile: 'browser', module, platform: browser, options, starts: false };
  return { id, role: 'client', machine: CLIENT as never, config, starts: false, page: PAGE, browser: isOfBrowser };
}

/** Stores survive a page; a second tab has a session of its own, which begins as that of the first one is. */
const PAGE: Page = {
  persist: (state) => storedOf(state as Process),
  revive: (stored, old) => new Process(configWith((old as Process).config, stored as Stored | null, true)),
  open(config, stored) {
    const opened = configWith(config as PageConfig, stored as Stored | null, false);
    return { config: opened, state: new Process(opened) };
  },
};

function storedOf({ platform, config }: Process): Stored {
  const { local = [], session = [] } = platform ?? (config.options as PageOptions);
  return { local: [...local], session: [...session] };
}

const configWith = (config: PageConfig, stored: Stored | null, starts: boolean): PageConfig => ({
  ...config,
  starts,
  options: { ...config.options, local: stored?.local ?? [], session: stored?.session ?? [] },
});
