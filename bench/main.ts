import 'reflect-metadata';
import { benchEmbeddedMongo } from './embedded-mongo.ts';
import { benchGateway } from './gateway.ts';
import { benchIdentity } from './identity.ts';
import { benchLedger } from './ledger.ts';
import { benchNotice } from './notice.ts';
import { benchPayment } from './payment.ts';
import { type Figure, report } from './report.ts';

const benches: Readonly<Record<string, (part?: string) => Promise<Figure[]>>> = {
  'embedded-mongo': benchEmbeddedMongo,
  gateway: benchGateway,
  identity: benchIdentity,
  ledger: benchLedger,
  notice: benchNotice,
  payment: benchPayment,
};

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
const [name = ''] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
const partAt = process.argv.indexOf('--part');
const part = partAt < 0 ? undefined : (process.argv[partAt + 1] ?? '');
if (!bench) {
  const names = Object.keys(benches).join(' | ');
  process.stderr.write(
    `npm run bench -- ${names} [--json] [--part NAME, of identity and ledger]\n`,
  );
  process.exit(2);
}
report(name, await bench(part), process.argv.includes('--json'));
process.exit(0);
