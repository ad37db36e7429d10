import type { Books, Explained, JournalEntry, Leg, TrialBalanceRow } from '@7pay/ledger';

const whole = new Intl.NumberFormat('en-US');
const amountOf = ({ amount, currency }: Pick<Leg, 'amount' | 'currency'>): string =>
  `${whole.format(amount)} ${currency}`;

/** What an audit found, for people. */
export function booksInWords({ entries, faults }: Pick<Books, 'entries' | 'faults'>): string {
  const count = `${whole.format(entries)} entries`;
  if (faults.length === 0) return `${count}, no fault`;
  return [`${count}, ${faults.length} faults`, ...faults].join('\n');
}

/** A trial balance as a table; its last line holds the sums. */
export function trialBalanceInWords(rows: readonly TrialBalanceRow[]): string {
  const line = (cells: readonly string[]) =>
    [cells[0]!.padEnd(24), ...cells.slice(1).map((cell) => cell.padStart(16))].join(' ');
  const sums = [...new Set(rows.map(({ currency }) => currency))].map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const sum = (side: 'debits' | 'credits') => own.reduce((total, row) => total + row[side], 0);
    return [`all ${currency}`, '', whole.format(sum('debits')), whole.format(sum('credits'))];
  });
  return [
    ['accounts', 'number', 'debit', 'credit'],
    ...rows.map(({ accounts, currency, count, debits, credits }) => [
      `${accounts} ${currency}`,
      whole.format(count),
      whole.format(debits),
      whole.format(credits),
    ]),
    ...sums,
  ]
    .map(line)
    .join('\n');
}

/** The story of an entry, back and forward. */
export function explainedInWords(explained: Explained): string {
  const { entry, seal, related, cameFrom, wentTo, stillThere } = explained;
  const flows = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${title}`, ...lines.map((each) => `    ${each}`)];
  return [
    `${headOf(entry)}  ${seal === null ? 'not sealed yet' : `seal ${seal}`}`,
    ...entry.legs.map((leg) => `  ${leg.side.padEnd(6)} ${leg.account}  ${amountOf(leg)}`),
    ...entry.stands.map(
      ({ account, seq, posted, held }) =>
        `  after it, the ${seq}. of ${account}: ${whole.format(posted)} there, ${whole.format(held)} held`,
    ),
    `  allowed by generation ${entry.generation} of the controls`,
    ...flows(
      'the value came from',
      cameFrom.map(({ from, lot, amount }) => `${whole.format(amount)} ${lot} of ${from}`),
    ),
    ...flows(
      'the value went to',
      wentTo.map(({ to, lot, amount }) => `${whole.format(amount)} ${lot} to ${to}`),
    ),
    ...flows(
      'still there',
      stillThere.map(({ lot, amount }) => `${whole.format(amount)} ${lot}`),
    ),
    ...flows('belongs with', related.map(headOf)),
  ].join('\n');
}

const headOf = ({ id, kind, at }: JournalEntry): string => `${id}  ${kind}  ${at.toISOString()}`;
