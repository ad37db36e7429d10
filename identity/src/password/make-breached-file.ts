import { makeBreachedFile } from './breached-file.ts';

// npm run -s breached -- <list> <file> [times]: the file of IDENTITY_BREACHED_PASSWORDS_FILE, from a published list.
const [list, file, times = '1'] = process.argv.slice(2);
if (!list || !file || !/^\d{1,9}$/.test(times)) {
  process.stderr.write('npm run -s breached -- <list> <file> [seen this often at least]\n');
  process.exitCode = 2;
} else {
  try {
    const { kept, left } = await makeBreachedFile(list, file, { timesMin: Number(times) });
    process.stdout.write(`${kept} passwords kept, ${left} left out\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
    process.exitCode = 1;
  }
}
