/** The `fun` command of the lab. */
import { dispatch } from './commands/dispatch';

void dispatch(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
