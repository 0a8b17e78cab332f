/** What a URL says to HTTP: which host is meant, and what is asked of it. */

export interface Address {
  /** The `Host` field: the port is left out where it is the scheme's own. */
  readonly host: string;
  /** Path and query. */
  readonly target: string;
}

/** Reads a URL as a URL parser writes it (`href`): lower-case scheme and host, no default port. */
export function addressOf(url: string): Address {
  const match = /^(?:wss?|https?):\/\/(?:[^/?#@]*@)?([^/?#@]+)([^#]*)/.exec(url);
  if (match === null) throw new RangeError(`${JSON.stringify(url)} is no URL of a WebSocket or of HTTP`);
  const [, host = '', target = ''] = match;
  return { host, target: target.startsWith('/') ? target : `/${target}` };
}
