/// <reference lib="dom" />
/** Opens the page: reads what stands in it, runs the scenario in a worker (or takes the recording), and shows it. */
import type { Model } from '../model/model.ts';
import { unpacked } from '../plain.ts';
import type { Subject } from '../subject.ts';
import { App } from './app.ts';
import { Core } from './core-link.ts';
import { el, fill } from './dom.ts';
import { State } from './state.ts';

const data = (id: string): unknown => {
  const text = document.getElementById(id)?.textContent;
  return text === undefined || text === null ? null : JSON.parse(text);
};

async function open(): Promise<void> {
  const root = el('div', { id: 'app' }, el('p', { class: 'loading', role: 'status' }, 'Running the scenario…'));
  document.body.append(root);
  try {
    const subject = data('subject') as Subject;
    const script = data('worker') as string | null;
    const core = script === null ? null : new Core(script, subject);
    const recorded = core === null ? (unpacked(data('recorded')) as Model) : await core.ask('run', { edit: null });
    const app = new App(root, new State(subject, core, recorded));
    app.start();
    root.dataset.ready = String(performance.now());
  } catch (error) {
    fill(
      root,
      el('p', { class: 'loading bad', role: 'alert' }, `This page cannot show its run: ${(error as Error).message}`),
    );
  }
}

void open();
