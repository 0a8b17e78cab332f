/**
 * Signals that ask a sweep to end: Ctrl-C, and what `timeout`, Docker, Kubernetes, CI services and closed terminals
 * send. The first one stops it with what it has; the second ends the process at once, as it would without a handler.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Milliseconds since the signal; null before any. */
  since(): number | null;
  /** Signals do again what they always did. */
  end(): void;
}

export function onInterrupt(): Interrupt {
  const abort = new AbortController();
  let at: number | null = null;
  const end = (): void => {
    for (const each of SIGNALS) process.off(each, hear);
  };
  const hear = (): void => {
    at = performance.now();
    // The system's own handler is back, and needs no turn of the event loop.
    end();
    abort.abort();
  };
  for (const each of SIGNALS) process.on(each, hear);
  return { signal: abort.signal, since: () => (at === null ? null : performance.now() - at), end };
}
