/**
 * Mends of how a cell is run and how its end is told.
 *
 * 1. An error is sent as the protocol has it, with name, message and traceback; tslab only prints it, and exports show
 *    an empty `<Error>`. Frames of tslab and Node are left out, paths are relative to the project.
 * 2. `await (…)` and a lone `for await` are not seen as top-level await: such cells are made asynchronous.
 * 3. The input is echoed, with its number, when the cell begins.
 * 4. The value of the last expression is offered to src/notebook/display.ts first, which shows figures as figures.
 * 5. After an interrupt the cells that were waiting are answered as aborted.
 * 6. `{ name }` with a variable of an earlier cell is written out, see shorthand.cjs.
 * 7. src/notebook/output.ts can publish an output of several MIME types; tslab's own display sends one.
 * 8. Warnings (`process.emitWarning`) are shown under the cell; those of a cell without await would come
 *    after its end, into the server's log.
 * 9. The kernel is busy for as long as a cell runs. tslab says idle meanwhile: when it has answered anything else, and
 *    when the cell before has been answered.
 */
const path = require('node:path');
const { format, inspect } = require('node:util');
const { isNativeError } = require('node:util/types');
const shorthandWriter = require('./shorthand.cjs');

const PREFIX = 'await null; ';
const needsPrefix = (code) => /\bfor\s+await\b|\bawait\s*[([`]/.test(code);
const INTERNAL_FRAME = /^\s+at .*(node_modules\/tslab|kernels\/tslab|node:|evalmachine\.<anonymous>:\d+:\d+\)?$)/;
/** Node puts the place, the line and a caret before the stack of what a module threw while a cell ran. */
const SOURCE_LINE = /^.*\.[cm]?[jt]s:\d+\n.*\n\s*\^+\n+/;
/** Warnings for those who write the packages. */
const ABOUT_CODE = new Set(['DeprecationWarning', 'ExperimentalWarning']);

/** tslab's own interrupt of an asynchronous cell, or Node's of a synchronous one. */
const isInterrupt = ({ code, message }) =>
  code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' || message === 'Interrupted asynchronously';

/** What a failed cell printed through tslab's console, as the `error` message of the protocol. */
function errorContent(printed, code, root) {
  const thrown = printed.map(([first]) => first).find((first) => isNativeError(first));
  if (thrown) {
    if (isInterrupt(thrown))
      return content('KeyboardInterrupt', thrown.message, [`KeyboardInterrupt: ${thrown.message}`]);
    // A user's error says what to do by itself; where it was thrown would only hide that.
    const text =
      thrown.name === 'UserError' ? `UserError: ${thrown.message}` : inspect(thrown).replace(SOURCE_LINE, '');
    const lines = text.split('\n').filter((line) => !INTERNAL_FRAME.test(line));
    return content(
      thrown.name,
      thrown.message,
      lines.map((line) => line.split(`${root}${path.sep}`).join('')),
    );
  }
  if (printed.length > 0 && printed.every(isDiagnostic)) {
    const lines = printed.flatMap((args) => diagnosticLines(args, code));
    return content('TypeScriptError', lines[0] ?? '', lines);
  }
  const values = printed.map(([first]) => (typeof first === 'string' ? first : inspect(first))).join('\n');
  return content('Error', values, `Error: ${values}`.split('\n'));
}

/** tslab prints a message of the compiler as: format, file, line, column, text. */
const isDiagnostic = (args) => args.length === 5 && args[0] === '%s%d:%d - %s';

/** A message of the compiler, with the line of the cell that it is about. */
function diagnosticLines(args, code) {
  const [, file, line, column, message] = args;
  if (file !== '') return format(...args).split('\n');
  const shift = line === 1 && needsPrefix(code) ? PREFIX.length : 0;
  const source = code.split('\n')[line - 1] ?? '';
  return [...`${line}:${column - shift} - ${message}`.split('\n'), `  ${source.trim()}`];
}

const content = (ename, evalue, traceback) => ({ ename, evalue, traceback });

module.exports = function runCellsWell(root, interrupt) {
  const executor = require(path.join(root, 'node_modules/tslab/dist/executor.js'));
  const { JupyterHandlerImpl, ZmqServer } = require(path.join(root, 'node_modules/tslab/dist/jupyter.js'));

  const writeOutShorthand = shorthandWriter(root);
  /** What tslab's console got from the running cell. */
  let printed = [];
  const createExecutor = executor.createExecutor;
  executor.createExecutor = (folder, converters, console) =>
    createExecutor(folder, converters, {
      log: (value) => {
        const show = globalThis[Symbol.for('fun.showLastExpression')];
        if (!show?.(value)) console.log(value);
      },
      error: (...args) => printed.push(args),
    });

  /** Of the cell that runs or ran last. */
  let stream = () => undefined;
  process.removeAllListeners('warning'); // Node's own, which prints
  process.on('warning', ({ name, message }) => {
    if (!ABOUT_CODE.has(name)) stream('stderr', `${name}: ${message}\n`);
  });

  // Cells queue in tslab; this is called for one after the other.
  const handleExecuteImpl = JupyterHandlerImpl.prototype.handleExecuteImpl;
  JupyterHandlerImpl.prototype.handleExecuteImpl = async function (request, writeStream, writeDisplayData) {
    if (request.number <= lastInterrupted) {
      request.aborted = true;
      return undefined;
    }
    printed = request.printed = [];
    interrupt.beginCell();
    globalThis[Symbol.for('fun.publish')] = writeDisplayData;
    stream = writeStream;
    request.begin(this.execCount + 1);
    try {
      return await handleExecuteImpl.call(this, request, writeStream, writeDisplayData);
    } finally {
      await new Promise(setImmediate); // a warning comes a turn late
      interrupt.endCell();
    }
  };

  let lastNumber = 0;
  let lastInterrupted = 0;
  interrupt.onInterrupt(() => (lastInterrupted = lastNumber));

  /** The message of the cell that runs. */
  let running;
  const publishStatus = ZmqServer.prototype.publishStatus;
  ZmqServer.prototype.publishStatus = function (status, parent) {
    publishStatus.call(this, status, parent);
    if (status === 'idle' && running !== undefined) publishStatus.call(this, 'busy', running);
  };

  ZmqServer.prototype.handleExecute = async function (socket, message) {
    const send = (type, content, to) => {
      const reply = message.createReply();
      reply.header.msg_type = type;
      reply.content = content;
      reply.signAndSend(this.connInfo.key, to);
    };
    const { code } = message.content;
    const request = {
      ...message.content,
      code: (needsPrefix(code) ? PREFIX : '') + writeOutShorthand(code),
      number: ++lastNumber,
      printed: [],
      begin: (execution_count) => {
        running = message;
        publishStatus.call(this, 'busy', message);
        send('execute_input', { code, execution_count }, this.iopub);
      },
    };
    const reply = await this.handler.handleExecute(
      request,
      (name, text) => send('stream', { name, text }, this.iopub),
      (data, update) => send(update ? 'update_display_data' : 'display_data', data, this.iopub),
    );
    if (running === message) running = undefined; // not where the next cell has begun
    if (request.aborted || reply.status === 'abort') {
      reply.status = 'aborted';
    } else if (reply.status === 'error') {
      Object.assign(reply, errorContent(request.printed, code, root));
      const { ename, evalue, traceback } = reply;
      send('error', content(ename, evalue, traceback), this.iopub);
    }
    send('execute_reply', reply, socket);
  };
};
