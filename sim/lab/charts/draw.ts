/**
 * Draws a Vega-Lite specification, as SVG and as PNG, without a browser.
 *
 * Vega, its compiler and the rasteriser are loaded by the first picture: 25 MB on disk and a third of a second that no
 * other command pays. Text is measured with the font that travels along, and the rasteriser is WebAssembly, whose
 * arithmetic is the same everywhere; so the same specification gives the same bytes on each machine.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Spec } from './chart.ts';
import { face, textWidth } from './font.ts';
import { light } from './palette.ts';
import { compact } from './svg.ts';

export interface Drawn {
  readonly svg: string;
  /** Four pixels for each of the SVG's: 384 dots an inch where 96 of its pixels are one. */
  readonly png: Uint8Array;
  /** What the compiler or the runtime found to say; empty for a specification that is sound. */
  readonly warnings: readonly string[];
}

const ZOOM = 4;

export async function draw(spec: Spec): Promise<Drawn> {
  const { compile, vega, Resvg } = await loaded();
  const warnings: string[] = [];
  const logger = loggerInto(warnings);
  const compiled = compile(spec as never, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger });
  const svg = compact(await view.toSVG());
  view.finalize();
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    background: light('paper'),
    font: {
      fontBuffers: [face('regular').bytes, face('bold').bytes],
      defaultFontFamily: 'Arimo',
      sansSerifFamily: 'Arimo',
    },
  });
  const rendered = image.render();
  const png = rendered.asPng();
  rendered.free();
  image.free();
  return { svg, png, warnings };
}

type Loaded = Awaited<ReturnType<typeof load>>;
let once: Promise<Loaded> | null = null;

function loaded(): Promise<Loaded> {
  once ??= load();
  return once;
}

async function load() {
  const [vega, { compile }, { Resvg, initWasm }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('@resvg/resvg-wasm'),
  ]);
  await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  // Not in its types. Without it text is guessed at 0.8 em a character, or measured by a canvas that somebody installed.
  const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
  textMetrics.width = (item, text) =>
    textWidth(String(text ?? ''), item.fontSize ?? 11, isBold(item.fontWeight) ? 'bold' : 'regular');
  return { vega, compile, Resvg };
}

interface TextMetrics {
  width(item: { readonly fontSize?: number; readonly fontWeight?: string | number }, text: unknown): number;
}

const isBold = (weight: string | number | undefined): boolean => weight === 'bold' || Number(weight) >= 600;

function loggerInto(warnings: string[]) {
  const note = (...parts: readonly unknown[]) => {
    warnings.push(parts.map(String).join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  return logger as never;
}
