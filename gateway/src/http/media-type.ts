/** What an answer is called. They differ in one thing: the first tells by its status what became of the request. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const JSON_TYPE = 'application/json';
export type AnswerType = typeof GRAPHQL_RESPONSE | typeof JSON_TYPE;

/**
 * The form in which the client wants its answer (GraphQL over HTTP, "Accept"; RFC 9110 §12.5.1), or nothing when it takes
 * neither. Without wishes it is JSON, as clients of before 2025 expect it.
 */
export function answerType(accept: string | undefined): AnswerType | undefined {
  if (accept === undefined || accept.trim() === '') return JSON_TYPE;
  let best: { type: AnswerType; weight: number; exactness: number } | undefined;
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const found = RANGES[name];
    if (!found || parameters.some(isOtherCharset)) continue;
    const weight = weightOf(parameters);
    const isBetter =
      !best || weight > best.weight || (weight === best.weight && found[1] > best.exactness);
    if (weight > 0 && isBetter) best = { type: found[0], weight, exactness: found[1] };
  }
  return best?.type;
}

const RANGES: Readonly<Record<string, readonly [AnswerType, exactness: number] | undefined>> =
  Object.assign(Object.create(null), {
    [GRAPHQL_RESPONSE]: [GRAPHQL_RESPONSE, 3],
    [JSON_TYPE]: [JSON_TYPE, 2],
    'application/*': [JSON_TYPE, 1],
    '*/*': [JSON_TYPE, 0],
  });

const isOtherCharset = (parameter: string): boolean =>
  parameter.startsWith('charset=') && !/^charset="?utf-?8"?$/.test(parameter);

function weightOf(parameters: readonly string[]): number {
  const said = parameters.find((parameter) => parameter.startsWith('q='));
  if (said === undefined) return 1;
  return /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(said) ? Number(said.slice(2)) : 0;
}

/** Whether a body is called JSON in UTF-8: the only one that is read. No browser sends it to a stranger unasked. */
export function isJsonBody(contentType: string | undefined): boolean {
  const [name = '', ...parameters] = (contentType ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  return (
    (name === JSON_TYPE || name === 'application/graphql+json') && !parameters.some(isOtherCharset)
  );
}
