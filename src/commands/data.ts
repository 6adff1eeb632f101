/** What data is there, and fetching it from the hub. */
import { datasetStatus, fetchDataset, formatDatasetStatus } from '../datasets/index';
import { fetchDatasetFile } from '../models/hub/index';
import { allowOnly, UsageError, type Command } from './command';

export const data: Command = {
  summary: 'Shows which data sets are at hand, or fetches one from the hub',
  positionals: 'status | fetch NAME',
  most: 2,
  options: { languages: { value: 'LIST', help: 'of fetch: languages, as in en,sw (default: all)' } },
  async run(args) {
    const [action = 'status', name] = args.positionals;
    if (action === 'status') {
      if (name !== undefined) throw new UsageError(`data status shows every data set; "${name}" is one too many.`);
      allowOnly(args, 'data status', []);
      console.log(formatDatasetStatus(await datasetStatus()));
      return;
    }
    if (action !== 'fetch' || name === undefined) throw new UsageError('data needs: status, or fetch NAME.');
    const files = await fetchDataset(name, fetchDatasetFile, { languages: args.text('languages')?.split(',') });
    for (const { file, state } of files) console.log(`${state}: ${file}`);
  },
};
