/**
 * The page as one file. Its script and style are named by their hashes in its policy, its data stands in scripts that are
 * none, and nothing else may be loaded or run: what a failure file says can only be read.
 */
import { createHash } from 'node:crypto';
import type { Model } from './model/model.ts';
import { STYLE } from './page/style.ts';
import { inScript, packed } from './plain.ts';
import type { Subject } from './subject.ts';

export interface Scripts {
  readonly page: string;
  /** Null where the run was recorded. */
  readonly worker: string | null;
  readonly recorded: Model | null;
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Code as it stands in a script; the bundler leaves what would end one only within strings and templates. */
const asScript = (code: string): string => code.replace(/<\/script/gi, '<\\/script').replace(/<!--/g, '<\\!--');

export function pageOf(subject: Subject, { page, worker, recorded }: Scripts): string {
  const script = asScript(page);
  const policy = `default-src 'none'; script-src ${hash(script)}; worker-src blob:; style-src ${hash(STYLE)}; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  const data = (id: string, value: unknown): string =>
    `<script type="application/json" id="${id}">${inScript(value)}</script>\n`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>hangup replay</title><link rel="icon" href="data:,">
<style>${STYLE}</style></head><body>
<noscript><p>This page runs the simulator: it needs JavaScript. The same run as text: <code>${escaped(subject.paste)}</code></p></noscript>
${data('subject', subject)}${worker === null ? '' : data('worker', worker)}${recorded === null ? '' : data('recorded', packed(recorded))}<script>${script}</script>
</body></html>
`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
