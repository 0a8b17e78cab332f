/** A tab: its window, its document, and what it is asked to do when it is drawn. */
import type { Inside, Part } from '../inside.ts';
import { installDocument } from './document.ts';
import { installFrames } from './frames.ts';
import type { PageState } from './page-state.ts';
import { installWindow } from './window.ts';

export function installTab(inside: Inside, page: PageState): Part {
  const documents = installDocument(page);
  const { shown, ...frames } = installFrames(inside, page);
  const window = installWindow(inside, page, documents);
  return {
    ...window,
    begin(...life) {
      documents.part.begin?.(...life);
      window.begin?.(...life);
    },
    visible(on) {
      documents.show(on);
      if (on) shown();
    },
    frozen: (on) => documents.freeze(on),
    reset() {
      frames.reset?.();
      documents.part.reset?.();
      window.reset?.();
    },
  };
}
