/** The `fun` command of the lab. */
import { dispatch } from './commands/dispatch';

// A reader that has seen enough (`| head`) ends the command, as it ends any other program.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(141);
  });
}

void dispatch(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
