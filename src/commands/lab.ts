/** JupyterLab with the project's kernel. */
import type { Command } from './command';

export const lab: Command = {
  summary: 'Opens the notebooks in JupyterLab',
  positionals: '[NOTEBOOK]',
  most: 1,
  options: {
    port: { value: 'N', help: 'default: 8888, or the next that is free' },
    'no-browser': { help: 'print the address only' },
  },
  async run(args) {
    const { lab: open } = await import('../notebook/lab');
    const notebook = args.positionals[0];
    const port = args.number('port');
    return open({
      ...(notebook === undefined ? {} : { notebook }),
      ...(port === undefined ? {} : { port }),
      open: args.given('no-browser') ? 'none' : 'browser',
    });
  },
};
