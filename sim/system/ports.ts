/** The ports on which a Node process listens, in the order in which it began to. */
export class Ports {
  readonly #open: number[] = [];

  get areAny(): boolean {
    return this.#open.length > 0;
  }
  has(port: number): boolean {
    return this.#open.includes(port);
  }
  open(port: number): void {
    this.#open.push(port);
  }
  close(port: number): void {
    const at = this.#open.indexOf(port);
    if (at >= 0) this.#open.splice(at, 1);
  }

  /** Which of them somebody has asked for: the first, where it is none of them, because a balancer stands where the port was. */
  asked(url: string | undefined): number | undefined {
    const asked = url === undefined || !URL.canParse(url) ? '' : new URL(url).port;
    return this.#open.includes(Number(asked)) ? Number(asked) : this.#open[0];
  }
}
