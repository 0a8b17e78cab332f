/** What `fetch` of a Node process is told. */
async function main(): Promise<void> {
  const home = 'http://server:8080';
  const got = await fetch(`${home}/one`);
  console.log(got.status, got.ok, await got.text());
  const posted = await fetch(`${home}/two`, { method: 'POST', body: 'three' });
  console.log(posted.status, JSON.stringify(await posted.json()));
  const moved = await fetch(`${home}/moved`);
  console.log(moved.redirected, new URL(moved.url).pathname);
  await fetch(`${home}/never`).catch((error) => console.log(error.name, error.message));
  await fetch('relative').catch((error) => console.log(error.name));
  await fetch(home, { signal: AbortSignal.abort() }).catch((error) => console.log(error.name));
}
void main();
