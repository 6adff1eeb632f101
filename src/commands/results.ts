/** What the recorded runs say: as a table, as files for other programs, as the reading of the paper's claims. */
import { oneOf } from '../engine/errors';
import { profileNames, type ProfileName } from '../experiments/configuration';
import { exportRows } from '../experiments/exportRows';
import { exampleRows, resultRows } from '../experiments/rows';
import { openStore } from '../experiments/store';
import { summaryText, writeSummary } from '../experiments/summary';
import { resultsTable } from '../experiments/table';
import { tableText } from '../notebook/table';
import { changeOptions, changesOf } from './changes';
import { allowOnly, UsageError, type Command } from './command';

const tables = ['runs', 'scores', 'examples', 'steps', 'unfreezing', 'fisher', 'validation'] as const;

export const results: Command = {
  summary: 'Prints, exports or reads the recorded results',
  positionals: 'table [PROFILE] | list [PROFILE] | export [PROFILE] --to FILE | summary [PROFILE]   (default: small)',
  most: 2,
  options: {
    to: { value: 'FILE', help: 'of export: a file ending in .csv, .arrow or .parquet' },
    rows: { value: 'NAME', help: `of export: ${tables.join(', ')} (default: scores)` },
    ...Object.fromEntries(
      Object.entries(changeOptions).map(([name, { value }]) => [
        name,
        { value: value!, help: 'of summary: as given to the sweeps; printed, not written' },
      ]),
    ),
  },
  async run(args) {
    const action = oneOf('results', args.positionals[0] ?? 'table', ['table', 'list', 'export', 'summary']);
    const profile = oneOf('profile', args.positionals[1] ?? 'small', profileNames);
    allowOnly(args, `results ${action}`, optionsOf[action]);
    const store = openStore();
    switch (action) {
      case 'list':
        return print(store.ids(profile), profile);
      case 'table': {
        const rows = resultsTable(store.all(profile));
        return print(rows.length === 0 ? [] : [tableText(rows, {})], profile);
      }
      case 'export': {
        const path = args.text('to');
        if (path === undefined) throw new UsageError('results export needs --to FILE.');
        const name = oneOf('rows', args.text('rows') ?? 'scores', tables);
        const all = store.all(profile);
        const rows = name === 'examples' ? exampleRows(all) : resultRows(all)[name];
        exportRows(rows, path);
        return console.log(`${rows.length} rows of ${name} written to ${path}`);
      }
      case 'summary': {
        const changes = changesOf(args);
        const isChanged = Object.keys(changes).length > 0;
        return console.log(
          isChanged ? summaryText(store.all(profile), profile, changes) : `Written: ${writeSummary(store, profile)}`,
        );
      }
    }
  },
};

const optionsOf = { table: [], list: [], export: ['to', 'rows'], summary: Object.keys(changeOptions) } as const;

function print(lines: readonly string[], profile: ProfileName): void {
  console.log(lines.length === 0 ? `There are no results of profile "${profile}" yet.` : lines.join('\n'));
}
