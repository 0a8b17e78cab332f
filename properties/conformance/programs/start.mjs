/** Runs one script in a Node process: `node start.mjs '{"module": …, "call": …, "args": […]}'`. */
const { module, call, args } = JSON.parse(process.argv[2]);
const scripts = await import(`./${module}.js`);
// From a turn of its own, as any callback is called; behind an `await` ticks would come after promises.
setImmediate(() => {
  console.log('log: begun');
  scripts[call](...args);
});
