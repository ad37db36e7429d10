import type { EntryPlan } from '@7pay/ledger';

/** A JSON Schema (2020-12), as far as the events need it. */
export interface JsonSchema {
  readonly [keyword: string]: JsonValue | undefined;
}
type JsonValue = string | number | boolean | readonly string[] | JsonSchema;

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
});
const id = (kind: string, description: string): JsonSchema =>
  text(description, { pattern: `^${kind}_[0-9a-z]{1,64}$` });
const whole = (description: string, minimum: number): JsonSchema => ({
  type: 'integer',
  description,
  minimum,
  maximum: Number.MAX_SAFE_INTEGER,
});
const closed = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const instant = (description: string): JsonSchema => text(description, { format: 'date-time' });
const day = (description: string): JsonSchema =>
  text(description, { pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const coordinate = (axis: 'x' | 'y'): JsonSchema =>
  text(`${axis} of the terminal’s public key on P-256, base64url.`, {
    pattern: '^[A-Za-z0-9_-]{43}$',
  });

const lots: JsonSchema = {
  type: 'object',
  description:
    'How much of each lot this leg moved: yen by origin, points by their last date. Absent for accounts without lots.',
  propertyNames: {
    type: 'string',
    pattern: '^(cash|credit|debit|points|compensation|\\d{4}-\\d{2}-\\d{2})$',
  },
  additionalProperties: whole('Yen or points.', 1),
};
const leg = closed(
  'One side of the entry.',
  {
    account: text('The account, such as `wallet:<id>` or `merchant-payable:<id>`.'),
    side: { type: 'string', enum: ['debit', 'credit'] },
    amount: whole('Whole yen (JPY) or points (NPT).', 1),
    currency: { type: 'string', enum: ['JPY', 'NPT'] },
    lots,
  },
  ['lots'],
);

const SYSTEM_WALLET = text('No wallet: `sys:`, the kind, its date and a stripe; the shard key.');
/** Absent where no terminal asked: time was over, the member or an operator decided. Entries of before have neither. */
const by = {
  byStoreId: id(
    'sto',
    'Where it was asked for; another store than the one that took the payment, perhaps.',
  ),
  byTerminalId: id('ter', 'The terminal that asked for it.'),
};
const PAYOUT_REF = ['payoutId', 'merchantId', 'batchId', 'fileId'];

/** What each kind of journal entry tells, and the ids that its `ref` holds. */
const LEDGER: Readonly<
  Partial<
    Record<
      EntryPlan['kind'],
      {
        title: string;
        ref: Readonly<Record<string, JsonSchema>>;
        optional?: readonly string[];
        wallet?: JsonSchema;
      }
    >
  >
> = {
  TOP_UP: {
    title: 'Money that a party outside took is in a wallet, or in suspense.',
    ref: {
      ...refOf('topUpId', 'storeId', 'terminalId', 'cardId', 'walletId', 'memberId'),
      atmId: text('The machine that took cash, by the number of its network.'),
    },
    // A register's, a machine's or a card's: who took the money says which of them are there.
    optional: ['storeId', 'terminalId', 'cardId', 'atmId'],
  },
  SUSPENSE: {
    title: 'Money of a top-up that belongs to nobody we know lies apart, or leaves there.',
    ref: {
      ...refOf('topUpId'),
      atmId: text('The machine that took cash, by the number of its network.'),
    },
    optional: ['atmId'],
    wallet: text('The wallet it was for, or the party, as `sys:atm`; the shard key.'),
  },
  TOP_UP_REVERSAL: {
    title: 'A top-up that its party never took left the wallet again.',
    ref: refOf('topUpId', 'walletId', 'memberId'),
  },
  POINTS_EXCHANGE: {
    title: 'Points of a member became yen in the wallet.',
    ref: {
      ...refOf('topUpId', 'walletId', 'memberId'),
      pointsAccountId: id('pta', 'Opaque id.'),
    },
  },
  PAYMENT: {
    title: 'A payment left a wallet.',
    ref: refOf('paymentId', 'merchantId', 'storeId', 'terminalId', 'walletId', 'memberId'),
  },
  PAYMENT_HOLD: {
    title: 'The money of a payment is held in a wallet.',
    ref: refOf('paymentId', 'merchantId', 'storeId', 'terminalId', 'walletId', 'memberId'),
  },
  PAYMENT_CAPTURE: {
    title: 'Held money left a wallet, in part or whole; the rest was let go.',
    ref: {
      ...refOf('paymentId', 'merchantId', 'storeId', 'terminalId', 'walletId', 'memberId'),
      ...by,
    },
    optional: Object.keys(by),
  },
  HOLD_RELEASED: {
    title: 'Held money was let go: called off, or its time is over.',
    ref: {
      ...refOf('paymentId', 'merchantId', 'storeId', 'terminalId', 'walletId', 'memberId'),
      ...by,
    },
    optional: Object.keys(by),
  },
  ACCOUNT_SET: {
    title: 'An account was frozen, thawed or closed, or its cap or limits were set; nothing moved.',
    ref: refOf('walletId'),
  },
  PAYMENT_REFUND: {
    title: 'A part of a payment was given back, lot by lot.',
    ref: {
      ...refOf('paymentId', 'merchantId', 'storeId', 'terminalId', 'walletId', 'memberId'),
      ...refOf('refundId'),
      ...by,
    },
    optional: Object.keys(by),
  },
  PAYMENT_CANCEL: {
    title: 'What was left of a payment was given back, lot by lot.',
    ref: {
      ...refOf('paymentId', 'merchantId', 'storeId', 'terminalId', 'walletId', 'memberId'),
      ...by,
    },
    optional: Object.keys(by),
  },
  POINTS_AWARD: {
    title: 'A payment earned nanaco points. What the member owed is settled out of them.',
    ref: refOf('paymentId', 'memberId'),
  },
  POINTS_REVERSAL: {
    title:
      'Points of a refunded or cancelled payment were taken back, or are owed if they were used.',
    ref: refOf('paymentId', 'memberId'),
  },
  POINTS_EXPIRY: {
    title: 'Points whose last day is over were taken out of an account.',
    ref: { pointsAccountId: id('pta', 'Opaque id.') },
  },
  SETTLEMENT: {
    title: 'A day of a merchant was closed: what is to be paid, and our fee.',
    ref: refOf('batchId', 'merchantId'),
    wallet: SYSTEM_WALLET,
  },
  PAYOUT: {
    title: 'Money of a merchant is in a file for the bank.',
    ref: refOf(...PAYOUT_REF),
    wallet: SYSTEM_WALLET,
  },
  PAYOUT_PAID: {
    title: 'The bank has paid a merchant.',
    ref: refOf(...PAYOUT_REF),
    wallet: SYSTEM_WALLET,
  },
  PAYOUT_RETURNED: {
    title: 'Money for a merchant came back from the bank, and is payable again.',
    ref: refOf(...PAYOUT_REF),
    wallet: SYSTEM_WALLET,
  },
  WALLET_CLOSE: {
    title: 'The service ended: a wallet was closed, and its balance is owed to its member.',
    ref: refOf('programmeId', 'walletId', 'memberId'),
  },
  REFUND_PAID: {
    title: 'A claimed balance was paid to its member.',
    ref: refOf('claimId', 'walletId'),
  },
  REFUND_EXCLUDED: {
    title: 'A balance that nobody claimed in the window was excluded (除斥).',
    ref: refOf('programmeId', 'walletId'),
  },
  BALANCE_REFUND: {
    title: 'A claimed balance left a wallet and is owed to its member.',
    ref: refOf('claimId', 'programmeId', 'walletId', 'memberId'),
  },
};

function refOf(...names: readonly string[]): Readonly<Record<string, JsonSchema>> {
  const kinds: Readonly<Record<string, string>> = {
    batchId: 'stl',
    cardId: 'crd',
    claimId: 'brc',
    fileId: 'pof',
    memberId: 'mem',
    merchantId: 'mer',
    paymentId: 'pay',
    payoutId: 'pot',
    programmeId: 'rfp',
    refundId: 'rfd',
    storeId: 'sto',
    terminalId: 'ter',
    topUpId: 'top',
    walletId: 'wal',
  };
  return Object.fromEntries(names.map((name) => [name, id(kinds[name] ?? '', 'Opaque id.')]));
}

const hash = (description: string): JsonSchema =>
  text(description, { pattern: '^[A-Za-z0-9_-]{43}$' });
const stand = closed('How a refusing account stood after the entry.', {
  account: text('The account.'),
  seq: whole('This is its n-th entry.', 1),
  posted: whole('Its balance.', 0),
  held: whole('What of it is held.', 0),
  prev: text('Hash of its entry before; empty for the first.'),
});

const limitsSet = closed(
  'The limits of a channel; what is absent has none.',
  {
    perEntry: whole('For one entry, yen.', 1),
    day: whole('In a business date, yen.', 1),
    days30: whole('In 30 business dates, yen.', 1),
  },
  ['perEntry', 'day', 'days30'],
);
const sets = closed(
  'What became of the account.',
  {
    account: text('The account.'),
    status: { type: 'string', enum: ['OPEN', 'FROZEN', 'CLOSED'] },
    cap: whole('It is credited no more above this, unless what it gave is given back.', 0),
    limits: {
      type: 'object',
      description: 'By channel, such as `payment`.',
      additionalProperties: limitsSet,
    },
  },
  ['status', 'cap', 'limits'],
);

const entryBody = (
  kind: string,
  ref: Readonly<Record<string, JsonSchema>>,
  {
    optional = [],
    wallet = id('wal', 'The wallet whose documents stay together; the shard key.'),
  }: { optional?: readonly string[]; wallet?: JsonSchema },
): JsonSchema =>
  closed(
    'The journal entry as written; it never changes.',
    {
      id: text('Follows from the business id: the same thing is booked once.'),
      kind: { type: 'string', const: kind },
      wallet,
      at: instant('When it was booked.'),
      legs: { type: 'array', items: leg },
      holdsUntil: instant('The legs reserve and do not move, until then.'),
      resolves: text('Id of the pending entry that it ends.'),
      reverses: closed('What it takes back.', {
        entry: text('Id of the entry that is undone.'),
        n: whole('For the how manieth time.', 1),
      }),
      ...(kind === 'ACCOUNT_SET' || kind === 'WALLET_CLOSE' ? { sets } : {}),
      generation: whole('The generation of the controls that allowed it.', 0),
      ref: closed('The ids that explain the entry.', ref, optional),
      businessDate: day('The business date, Asia/Tokyo.'),
      stands: {
        type: 'array',
        description: 'One for each refusing account it names.',
        items: stand,
      },
      hash: hash('SHA-256 of all of it, the hashes before included, base64url.'),
    },
    ['holdsUntil', 'resolves', 'reverses'],
  );

const envelope = (name: string, title: string, body: JsonSchema): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: name,
  ...closed(title, {
    id: text('Unique for ever; a consumer that has dealt with it leaves it out.'),
    name: { type: 'string', const: name },
    at: instant('When it happened, UTC.'),
    body,
  }),
});

/** Every event that exists, by name: its contract. A changed body is a new version beside the old one. */
export const eventSchemas: ReadonlyMap<string, JsonSchema> = new Map(
  [
    ...Object.entries(LEDGER).map(([kind, { title, ref, ...more }]) => {
      const name = `ledger.${kind.toLowerCase().replaceAll('_', '-')}.v1`;
      return envelope(name, title, entryBody(kind, ref, more));
    }),
    envelope(
      'identity.logins.ended.v1',
      'The logins of a member ended, all of them: whoever gave something out for one takes it back.',
      closed('Whose, and why.', {
        memberId: id('mem', 'The member.'),
        reason: {
          type: 'string',
          enum: [
            'PASSWORD_RESET',
            'EXTERNAL_ID_UNLINKED',
            'ENDED_BY_OPERATOR',
            'CARRIED_OVER',
            'RECLAIMED',
            'NOT_ME',
          ],
          description: 'Why they ended.',
        },
      }),
    ),
    envelope(
      'identity.password.recovered.v1',
      'A member who had forgotten the password set a new one. Told to all their contacts; money stays low for a while.',
      closed(
        'Whose, until when money stays low, and where it came from as far as anybody told.',
        {
          memberId: id('mem', 'The member.'),
          clientId: text('The app that the login was made for.'),
          recoveredAt: instant('When the password was set, UTC.'),
          coolsUntil: instant('Until when money stays low, UTC.'),
          by: {
            type: 'array',
            description: 'The contacts whose codes proved it, by id.',
            items: text('A contact.'),
          },
          country: text('Two letters (ISO 3166-1).', { pattern: '^[A-Z]{2}$' }),
          network: text('The class of networks: `as:<number>`, or a digest.', { maxLength: 40 }),
          agent: text('The family of the browser, without its versions.', { maxLength: 40 }),
        },
        ['country', 'network', 'agent'],
      ),
    ),
    envelope(
      'identity.not-me.reported.v1',
      'A member said of a notice that it was not them: their logins ended, no login of theirs is let in, and money is to stop.',
      closed('Whose, and what it was.', {
        memberId: id('mem', 'The member.'),
        kind: { type: 'string', enum: ['DEVICE', 'RECOVERY'], description: 'What was told.' },
        happenedAt: instant('When that happened, UTC.'),
        reportedAt: instant('When they said so, UTC.'),
      }),
    ),
    envelope(
      'identity.account.reclaimed.v1',
      'The owner of a mail address proved it first: what was set before in the account is void.',
      closed('Whose account.', { memberId: id('mem', 'The member.') }),
    ),
    envelope(
      'identity.external-id.changed.v1',
      'An external ID was linked to a member, or taken from one. Told to their contacts once.',
      closed('Whose, of which provider, and what.', {
        memberId: id('mem', 'The member.'),
        provider: text('The provider, by its key.', { pattern: '^[a-z0-9]{1,30}$' }),
        change: {
          type: 'string',
          enum: ['LINKED', 'UNLINKED'],
          description: 'What became of it.',
        },
      }),
    ),
    envelope(
      'identity.device.new.v1',
      'A member logged in from a device that they never used. Told to their contacts once.',
      closed(
        'Whose login, and where it came from as far as anybody told.',
        {
          memberId: id('mem', 'The member.'),
          clientId: text('The app that the login was made for.'),
          loggedInAt: instant('When it was proven, UTC.'),
          country: text('Two letters (ISO 3166-1).', { pattern: '^[A-Z]{2}$' }),
          network: text('The class of networks: `as:<number>`, or a digest.', { maxLength: 40 }),
          agent: text('The family of the browser, without its versions.', { maxLength: 40 }),
        },
        ['country', 'network', 'agent'],
      ),
    ),
    envelope(
      'merchant.store.opened.v1',
      'An application was approved: the store may sell from its first day.',
      closed(
        'The store.',
        {
          storeId: id('sto', 'The store.'),
          merchantId: id('mer', 'Its merchant.'),
          opensOn: day('First business date on which it may sell.'),
          storeName: text('What the store is called; old events do not tell.'),
        },
        ['storeName'],
      ),
    ),
    envelope(
      'wallet.mail-due.v1',
      'A notice is to go to its member by mail as well. It carries words and no address.',
      closed('The notice.', {
        noticeId: text('The notice; it makes one mail.'),
        memberId: id('mem', 'The member.'),
        titleJa: text('One line in Japanese.', { minLength: 1, maxLength: 500 }),
        bodyJa: text('What happened, in Japanese.', { minLength: 1, maxLength: 500 }),
        titleEn: text('One line in English.', { minLength: 1, maxLength: 500 }),
        bodyEn: text('What happened, in English.', { minLength: 1, maxLength: 500 }),
      }),
    ),
    envelope(
      'merchant.bank-account.approved.v1',
      'Two people approved where a merchant is to be paid. For finance alone: the number is told in full.',
      closed('The merchant and the account.', {
        merchantId: id('mer', 'The merchant.'),
        account: closed('As the bank is told it.', {
          bankCode: text('金融機関コード.', { pattern: '^\\d{4}$' }),
          branchCode: text('支店コード.', { pattern: '^\\d{3}$' }),
          kind: { type: 'string', enum: ['ORDINARY', 'CURRENT', 'SAVINGS'] },
          number: text('口座番号.', { pattern: '^\\d{7}$' }),
          holderKana: text('口座名義, half-width kana.', { minLength: 1, maxLength: 30 }),
        }),
      }),
    ),
    envelope(
      'merchant.terminal.paired.v1',
      'A terminal was paired: it may log in by its own key.',
      closed('The terminal and its public key.', {
        terminalId: id('ter', 'The terminal.'),
        storeId: id('sto', 'Where it stands.'),
        merchantId: id('mer', 'Whose store it is.'),
        label: text('What the store calls it.', { minLength: 1, maxLength: 100 }),
        publicKeyX: coordinate('x'),
        publicKeyY: coordinate('y'),
      }),
    ),
  ].map((schema) => [String(schema['title']), schema]),
);
