import { executeNotebook } from '/work/main/src/notebook/execute';
import { exportHtml } from '/work/main/src/notebook/exportHtml';
const name = process.argv[2]!;
(async () => { const s = Date.now();
  const r = await executeNotebook(`/work/main/notebooks/${name}.ipynb`, { profile: 'mini', output: `/tmp/nbout/${name}.ipynb` } as any);
  console.log(name, JSON.stringify(r).slice(0, 500), (Date.now() - s) / 1000);
  await exportHtml(`/tmp/nbout/${name}.ipynb`, `/tmp/nbout/${name}.html`);
})();
