/** navigator and location: who the browser is, whether it is online, and where the page is. */
import { dress } from '../idl.ts';
import { define, type Inside, type Part, scope } from '../inside.ts';
import { missingMembers, notOffered } from '../missing.ts';
import { addressOf, originOf } from '../url.ts';
import { newPage, type PageState } from './page-state.ts';

const KEY = {};
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

let page: PageState;
let inside: Inside;

class Navigator {
  constructor(key: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'Navigator': Illegal constructor");
  }
  get onLine(): boolean {
    return page.online;
  }
  get userAgent(): string {
    return AGENT;
  }
  get appName(): string {
    return 'Netscape';
  }
  get appCodeName(): string {
    return 'Mozilla';
  }
  get appVersion(): string {
    return AGENT.slice('Mozilla/'.length);
  }
  get platform(): string {
    return 'Linux x86_64';
  }
  get product(): string {
    return 'Gecko';
  }
  get vendor(): string {
    return 'Google Inc.';
  }
  get language(): string {
    return 'en-US';
  }
  get languages(): readonly string[] {
    return LANGUAGES;
  }
  get hardwareConcurrency(): number {
    return 4;
  }
  get maxTouchPoints(): number {
    return 0;
  }
  get cookieEnabled(): boolean {
    return false;
  }
  get webdriver(): boolean {
    return false;
  }
  get locks(): never {
    throw notOffered('navigator.locks', 'there are no locks between tabs yet');
  }
  get serviceWorker(): never {
    throw notOffered('navigator.serviceWorker', 'there are no workers');
  }
}

const LANGUAGES: readonly string[] = Object.freeze(['en-US']);

missingMembers(Navigator.prototype, 'navigator', ['sendBeacon'], 'a request that outlives its page is not offered yet');

/** Going anywhere else is the end of the page. */
class Location {
  constructor(key: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'Location': Illegal constructor");
  }
  get href(): string {
    return page.address.href;
  }
  set href(value: unknown) {
    navigate(`${value as string}`, 'location.href');
  }
  get origin(): string {
    return originOf(page.address);
  }
  get protocol(): string {
    return `${page.address.scheme}:`;
  }
  get host(): string {
    return page.address.host;
  }
  get hostname(): string {
    return page.address.hostname;
  }
  get port(): string {
    return page.address.port;
  }
  get pathname(): string {
    return page.address.target.replace(/\?.*$/s, '');
  }
  get search(): string {
    const query = /\?.+$/s.exec(page.address.target);
    return query === null ? '' : query[0];
  }
  get hash(): string {
    return page.address.fragment === '#' ? '' : page.address.fragment;
  }
  assign(url: unknown): void {
    navigate(`${url as string}`, 'location.assign');
  }
  replace(url: unknown): void {
    navigate(`${url as string}`, 'location.replace');
  }
  reload(): void {
    inside.host.reload();
  }
  toString(): string {
    return page.address.href;
  }
}

/** The page itself is loaded again; there is no other. */
function navigate(url: string, how: string): void {
  const to = addressOf(url, page.address.href);
  if (to === null)
    throw new SyntaxError(`Failed to set the 'href' property on 'Location': '${url}' is not a valid URL.`);
  if (to.href === page.address.href) inside.host.reload();
  else throw notOffered(how, `a client has one page, and ${to.href} is another`);
}

dress({ Navigator, Location });

export function installNavigator(given: Inside, state: PageState): Part {
  inside = given;
  page = state;
  define('Navigator', Navigator);
  define('Location', Location);
  Object.defineProperty(scope, 'navigator', {
    value: new Navigator(KEY),
    configurable: true,
    enumerable: true,
    writable: true,
  });
  const location = new Location(KEY);
  Object.defineProperty(scope, 'location', {
    get: () => location,
    set: (value: unknown) => navigate(`${value as string}`, 'location'),
    configurable: false,
    enumerable: true,
  });
  return {
    begin() {
      Object.assign(page, newPage(inside.host.location()));
    },
  };
}
