/** The process of the command `hangup`: its streams, which may be pipes and files that fail, and its exit code. */
import { command } from './command.ts';
import { EXIT, reasonOf } from './errors.ts';
import { writeWholeStdout } from './output.ts';
import { tell } from './terminal.ts';

// A reader that closes the pipe (`| head`) has what it wanted; files are still written, and the exit code stays true.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  tell(`hangup: standard output: cannot be written (${reasonOf(error)})`);
  process.exit(EXIT.io);
});
/** Why a file that is standard output did not take all of it; everything else is done first. */
let unwritten: string | null = null;
writeWholeStdout((reason) => {
  unwritten ??= reason;
});
// Progress that nobody reads must not end a sweep.
process.stderr.on('error', () => {});

process.exitCode = await command(process.argv.slice(2));
if (unwritten !== null) {
  process.stderr.write(`hangup: standard output: cannot be written (${unwritten})\n`);
  process.exitCode = EXIT.io;
}
