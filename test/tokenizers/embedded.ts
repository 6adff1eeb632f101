/** Where the set-up puts the embedded model file. */
export { embeddedModelFile as embeddedModelPath } from '../../src/engine/places';
