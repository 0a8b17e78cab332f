/** What processes of a host model and peers have in common: dice, facts for laws, and effects of the step that they are in. */
import { between, type Context, chance } from '../../src/machine.ts';
import { mustBeSaid } from '../core/spoken.ts';
import type { Piece } from './probe.ts';

export type Effect = { readonly type: string } & Readonly<Record<string, unknown>>;

export class Speaking {
  readonly node: string;
  protected context: Context = null as never;
  #effects: Effect[] = [];

  constructor(node: string) {
    this.node = node;
  }

  /** A step begins; `effects` says what came of it. */
  protected begins(context: Context): void {
    this.context = context;
    this.#effects = [];
  }

  protected get effects(): readonly Effect[] {
    return this.#effects;
  }

  protected say(...effects: readonly Effect[]): void {
    for (const effect of effects) this.#effects.push(effect);
  }

  /** What somebody's code says happened. */
  #fact(effect: Effect): void {
    mustBeSaid(effect);
    this.#effects.push(effect);
  }

  between(least: number, most: number): number {
    return between(this.context.random('script'), least, most);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)] as T;
  }

  chance(num: number, of: number): boolean {
    return chance(this.context.random('script'), { num, of });
  }

  submitted(key: string): void {
    this.#fact({ type: 'submit', key });
  }

  settled(key: string, outcome: 'done' | 'failed' | 'unknown'): void {
    this.#fact({ type: 'settle', key, outcome });
  }

  performed(key: string): void {
    this.#fact({ type: 'perform', client: '', key });
  }

  produced(stream: string, piece: Piece): void {
    this.#fact({ type: 'write', stream, value: pieceOf(piece) });
  }

  received(stream: string, piece: Piece): void {
    this.#fact({ type: 'read', stream, value: pieceOf(piece) });
  }

  note(text: string, data?: unknown): void {
    this.#fact(data === undefined ? { type: 'note', text } : { type: 'note', text, data });
  }
}

const pieceOf = (piece: Piece): string | Uint8Array => (piece instanceof ArrayBuffer ? new Uint8Array(piece) : piece);
