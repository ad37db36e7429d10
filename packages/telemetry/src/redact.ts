/**
 * Fields that a log line may carry. A new field is a decision: nothing that identifies a person,
 * opens a door (token, code, password) or names a card is ever added.
 */
const ALLOWED = new Set([
  'accounts',
  'amount',
  'asked',
  'attempt',
  'attempts',
  'batchId',
  'businessDate',
  'bytes',
  'carriedOut',
  'cause',
  'channel',
  'client',
  'clientId',
  'clients',
  'code',
  'collection',
  'count',
  'database',
  'deadlineMs',
  'delivery',
  'differences',
  'durationMs',
  'entry',
  'event',
  'eventId',
  'generation',
  'group',
  'journey',
  'key',
  'kind',
  'lagMs',
  'locale',
  'memberId',
  'merchantId',
  'method',
  'noticeId',
  'operation',
  'outcome',
  'party',
  'path',
  'paymentId',
  'pid',
  'port',
  'problem',
  'programmeId',
  'provider',
  'published',
  'reason',
  'reference',
  'registered',
  'requestId',
  'service',
  'sessions',
  'settled',
  'share',
  'signal',
  'signing',
  'state',
  'status',
  'storeId',
  'subgraph',
  'switch',
  'terminalId',
  'told',
  'topUpId',
  'transferId',
  'tries',
  'uri',
  'url',
  'verdict',
  'version',
  'walletId',
  'way',
  'word',
]);

// A second net under the allow-list: shapes that must never appear inside an allowed text.
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b/g, '[mail]'],
  [/\b\d{13,24}\b/g, '[digits]'],
  [/(?<!\d)(\+81|0)\d{1,4}-?\d{1,4}-?\d{3,4}(?!\d)/g, '[phone]'],
  [/(mongodb(?:\+srv)?:\/\/)[^@/\s]+@/g, '$1[credentials]@'],
];

/** Removes what a log must not hold: fields outside the allow-list, and secrets inside texts. */
export function redact(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    if (ALLOWED.has(name)) kept[name] = scrub(value);
    else dropped.push(name);
  }
  return dropped.length > 0 ? { ...kept, droppedFields: dropped } : kept;
}

function scrub(value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return withoutSecrets(JSON.stringify(value) ?? String(value));
}

function describeError(error: Error): Record<string, unknown> {
  const cause = error.cause instanceof Error ? { cause: describeError(error.cause) } : {};
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    stack: withoutSecrets(error.stack ?? ''),
    ...cause,
  };
}

/** A text without tokens, mail addresses, card and payment codes, phone numbers and credentials. */
export const withoutSecrets = (text: string): string =>
  SHAPES.reduce((clean, [shape, word]) => clean.replace(shape, word), text);
