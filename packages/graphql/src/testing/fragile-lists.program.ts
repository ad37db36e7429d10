import { silentLog } from '@7pay/telemetry';
import { buildSchema, execute, parse, type GraphQLSchema } from 'graphql';
import { createExecutor, prepareDocuments } from '../execute.ts';

// Run as a process of its own, `bare` or `ours`: asks for lists in which one item fails at once and an earlier one
// later. Prints how many errors each answer has; the process itself ends badly where a promise was left behind.
const later = () =>
  new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('later')), 20);
  });
const slow = { name: later };
const roots = {
  second: () => [slow, null],
  nested: async () => [[slow, null], [slow]],
  promised: () => [slow, Promise.resolve(slow), null],
  leaves: () => [later(), null],
};
const schema = (): GraphQLSchema =>
  buildSchema(`
    type Item { name: String! }
    type Query { second: [Item!], nested: [[Item!]], promised: [Item!], leaves: [String!] }
  `);
const viewer = { kind: 'anonymous', locale: 'en', requestId: 'r', clientId: null, scopes: [] };
const texts = ['{ second { name } }', '{ nested { name } }', '{ promised { name } }', '{ leaves }'];

const ours = schema();
for (const [name, field] of Object.entries(ours.getQueryType()?.getFields() ?? {})) {
  field.resolve = roots[name as keyof typeof roots];
}
const ask = createExecutor(ours, () => ({}), {
  prepare: prepareDocuments(ours),
  log: silentLog,
});
for (const text of texts) {
  const answer =
    process.argv[2] === 'bare'
      ? await execute({ schema: schema(), document: parse(text), rootValue: roots })
      : await ask({ query: text }, viewer as Parameters<typeof ask>[1]);
  process.stdout.write(`${answer.errors?.length ?? 0} `);
}
await new Promise((resolve) => {
  setTimeout(resolve, 100);
});
process.stdout.write('alive');
