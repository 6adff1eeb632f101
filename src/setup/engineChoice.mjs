// Which engine this machine should get: a pure function of what was asked for and what was found.
import { SetupError } from './command.mjs';

const choices = ['cuda', 'cpu', 'wasm', 'js'];

/**
 * The engine to set up, with the reason in words; `forced` when FUN_ENGINE named it, so that there is no fallback.
 * requested: FUN_ENGINE or undefined; machine: "linux-x64"; nvidiaDriver: whether one is installed;
 * wheels: pins.tensorflow, the platforms that TensorFlow has wheels for.
 */
export function chooseEngine({ requested, machine, nvidiaDriver, wheels }) {
  if (requested && !choices.includes(requested)) {
    throw new SetupError(`FUN_ENGINE="${requested}" is not known. Allowed: ${choices.join(', ')}.`);
  }
  const hasWheel = (kind) => wheels[kind]?.[machine] !== undefined;
  const forced = { kind: requested, reason: `FUN_ENGINE=${requested}`, forced: true };
  if (requested === 'wasm' || requested === 'js') return forced;
  if (requested && !hasWheel(requested)) {
    const places = Object.keys(wheels[requested]).join(', ');
    throw new SetupError(
      `FUN_ENGINE=${requested}: TensorFlow ${wheels.version} has such a wheel for ${places}, not for ${machine}.`,
    );
  }
  if (requested) return forced;
  if (nvidiaDriver && hasWheel('cuda')) return { kind: 'cuda', reason: 'an NVIDIA driver is installed' };
  if (hasWheel('cpu')) {
    return { kind: 'cpu', reason: nvidiaDriver ? `no CUDA wheel for ${machine}` : 'no NVIDIA driver' };
  }
  return { kind: 'wasm', reason: `TensorFlow ${wheels.version} has no wheel for ${machine}` };
}
