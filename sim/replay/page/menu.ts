/// <reference lib="dom" />
/** The export menu: arrows move in it, Escape closes it and gives the focus back. */
import type { Board } from './board/board.ts';
import { el } from './dom.ts';
import type { Experiments } from './experiments.ts';
import { fragmentOf } from './permalink.ts';
import { download, markdownOf, png, scenarioOf, svgOf } from './save.ts';
import type { State } from './state.ts';

export function menuOf(state: State, board: Board, experiments: Experiments, say: (text: string) => void): HTMLElement {
  const button = el(
    'button',
    { type: 'button', class: 'btn', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
    'Export',
  );
  const menu = el('div', { class: 'menu', role: 'menu', hidden: true });
  const name = `${state.subject.scenario.replace(/[^\w-]+/g, '-')}@${state.subject.seed}`;
  const save = (ending: string, text: string, type: string): void => {
    download(`${name}.${ending}`, new Blob([text], { type }));
    say(`Saved ${name}.${ending}`);
  };
  const accused = (): readonly string[] =>
    [...(experiments.accused ?? [])].map(
      (i) => `${state.faults[i]?.name} (${state.faults[i]?.fault.kind} of ${state.faults[i]?.fault.target})`,
    );
  const items: readonly (readonly [string, () => void])[] = [
    ['Timeline as SVG', () => save('svg', svgOf(state, board) ?? '', 'image/svg+xml')],
    ['Timeline as PNG', () => png(svgOf(state, board) ?? '', (blob) => blob !== null && download(`${name}.png`, blob))],
    ['Story as Markdown', () => save('md', markdownOf(state, accused()), 'text/markdown')],
    ['Run as JSON', () => save('json', scenarioOf(state), 'application/json')],
    ['Copy the link to here', () => copy(`${location.href.split('#')[0]}#${fragmentOf(state)}`, say)],
    ['Copy the command', () => copy(state.subject.paste, say)],
  ];
  const open = (is: boolean): void => {
    menu.hidden = !is;
    button.setAttribute('aria-expanded', String(is));
    if (is) menu.querySelector('button')?.focus();
  };
  for (const [words, act] of items)
    menu.append(
      el(
        'button',
        {
          ...{ type: 'button', role: 'menuitem', tabindex: -1 },
          onclick: () => {
            open(false);
            button.focus();
            act();
          },
        },
        words,
      ),
    );
  button.addEventListener('click', () => open(menu.hidden === true));
  menu.addEventListener('keydown', (event) => {
    const all = [...menu.querySelectorAll('button')];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    event.stopPropagation();
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      open(false);
      button.focus();
    }
  });
  addEventListener('pointerdown', ({ target }) => {
    if (!menu.hidden && target instanceof Node && !menu.contains(target) && target !== button) open(false);
  });
  return el('span', {}, button, menu);
}

async function copy(text: string, say: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say('Copied');
  } catch {
    // A page from disk may not have a clipboard: the text can be selected then.
    prompt('Copy this', text);
  }
}
