/** A process of its own that fetches one model with the settings of its environment and prints what came. */
import { fetchModel } from '../../../src/models/hub/index';

void fetchModel(process.argv[2]!, { files: process.argv.slice(3), onProgress: () => undefined }).then(
  (fetched) => console.log(JSON.stringify(fetched)),
  (error: unknown) => {
    console.error(String(error));
    process.exitCode = 1;
  },
);
