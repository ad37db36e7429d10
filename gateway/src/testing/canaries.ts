/** What must not leave: each in the shape that the real thing has, and found by itself wherever it turns up. */
export const CANARIES = {
  token: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LXNpZ25hdHVyZQ',
  paymentCode: '900081810420104201042010',
  card: '4111111111114242',
  mail: 'canary.bird@mine.example',
  phone: '090-4242-4242',
  credentials: 'canary-password-4242',
  host: 'canary-db.internal.example',
  sentence: 'canary-sentence-4242',
} as const;

export type Canary = keyof typeof CANARIES;

/** All of them in one text, as a careless service would put them into a sentence. */
export const EVERY_CANARY = [
  CANARIES.token,
  CANARIES.paymentCode,
  CANARIES.card,
  CANARIES.mail,
  CANARIES.phone,
  `mongodb://app:${CANARIES.credentials}@${CANARIES.host}:27017/pay`,
  CANARIES.sentence,
].join(' ');

/** Something that left the process, and by which way. */
export interface Left {
  readonly way: string;
  readonly text: string;
}

/** Which canaries got out, by which way: plain, escaped as in addresses and JSON, or in base64. */
export function escaped(left: readonly Left[], canaries = Object.keys(CANARIES)): string[] {
  return left.flatMap(({ way, text }) => {
    const readable = [text, text.replaceAll('\\', ''), decoded(text)];
    return canaries
      .filter((name) =>
        spellingsOf(CANARIES[name as Canary]).some((each) =>
          readable.some((one) => one.includes(each)),
        ),
      )
      .map((name) => `${name} in ${way}`);
  });
}

const spellingsOf = (canary: string): readonly string[] => [
  canary,
  Buffer.from(canary).toString('base64').replace(/=+$/, '').slice(0, -1),
];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
