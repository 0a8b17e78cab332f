/** What several modules of a page know of it. */
import { type Address, addressOf } from '../url.ts';

export interface PageState {
  /** Where the page is: its own URL, which all others are relative to. */
  address: Address;
  online: boolean;
  visible: boolean;
  /** True from `pagehide` on: nothing new is begun. */
  gone: boolean;
}

/** A page of the server that the world has by default. */
const HOME = 'http://server/';

export const newPage = (url: string = HOME): PageState => ({
  address: home(url),
  online: true,
  visible: true,
  gone: false,
});

function home(url: string): Address {
  const address = addressOf(url, url);
  if (address === null) throw new Error(`hangup: a page cannot be at ${url}`);
  return address;
}
