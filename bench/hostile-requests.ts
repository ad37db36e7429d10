import { GATEWAY_LIMITS } from '@7pay/gateway';
import type { LegalQuery } from './worst-queries.ts';

/** A request that is to be refused. `body` is another text each time: nothing that was seen before helps. */
export interface HostileRequest {
  readonly what: string;
  readonly body: (serial: number) => string;
  /** A piece of the refusal. */
  readonly refusal: string;
}

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

const asking = (query: string, variables?: string) => (serial: number) => {
  const text = JSON.stringify(`${query} # ${serial}`);
  return variables === undefined
    ? `{"query":${text}}`
    : `{"query":${text},"variables":${variables}}`;
};

const TOO_LARGE = 'GRAPHQL_VALIDATION_FAILED';
const UNREADABLE = 'GRAPHQL_PARSE_FAILED';

/** The worst that strangers are known to send. `legal` is a query just below the limit of cost. */
export function hostileRequests(legal: LegalQuery): readonly HostileRequest[] {
  const aliases = (count: number) => `{ ${times(count, (n) => `a${n}: wallet { balance }`)} }`;
  const bomb = times(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
  const paged = 'query($n: Int) { wallet { payments(first: $n) { nodes { id } } } }';
  const nested = (open: string, close: string, levels: number) =>
    `{"n":${open.repeat(levels)}1${close.repeat(levels)}}`;
  return [
    { what: '300 aliases', body: asking(aliases(300)), refusal: UNREADABLE },
    { what: '2000 aliases', body: asking(aliases(2_000)), refusal: UNREADABLE },
    {
      what: 'fragments that double 40 times',
      body: asking(`{ ...F0 } ${bomb} fragment F40 on Query { wallet { id } }`),
      refusal: TOO_LARGE,
    },
    {
      what: 'fragments in a circle',
      body: asking('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
      refusal: TOO_LARGE,
    },
    {
      what: '50 levels',
      body: asking(`{ wallet ${'{ payments '.repeat(50)}{ id }${' }'.repeat(50)} }`),
      refusal: TOO_LARGE,
    },
    { what: '10 MB of spaces', body: () => ' '.repeat(10_000_000), refusal: 'PAYLOAD_TOO_LARGE' },
    {
      what: '90 KB of spaces in a document',
      body: asking(`${' '.repeat(90_000)}{ nothing }`),
      refusal: TOO_LARGE,
    },
    {
      what: 'a cost just above the limit',
      body: asking(costlier(legal)),
      refusal: 'QUERY_TOO_COSTLY',
    },
    {
      what: '100 directives',
      body: asking(`{ wallet ${'@include(if: true) '.repeat(100)} { id } }`),
      refusal: TOO_LARGE,
    },
    {
      what: 'lists 450 deep in a document',
      body: asking(
        `{ wallet { payments(first: ${'['.repeat(450)}${']'.repeat(450)}) { nodes { id } } } }`,
      ),
      refusal: TOO_LARGE,
    },
    {
      what: 'lists 40000 deep in variables',
      body: asking(paged, nested('[', ']', 40_000)),
      refusal: 'BAD_REQUEST',
    },
    {
      what: 'objects 15000 deep in variables',
      body: asking(paged, nested('{"a":', '}', 15_000)),
      refusal: 'BAD_REQUEST',
    },
    {
      what: '40000 items for one number',
      body: asking(paged, `{"n":[${'1,'.repeat(39_999)}1]}`),
      refusal: 'BAD_REQUEST',
    },
  ];
}

/** The same query with one page more: the first that may not be asked. */
function costlier({ query }: LegalQuery): string {
  const page = Number(/first: (\d+)/.exec(query)?.[1]);
  return query.replaceAll(
    `first: ${page}`,
    `first: ${page * Math.max(2, Math.ceil(GATEWAY_LIMITS.cost / 1_000))}`,
  );
}
