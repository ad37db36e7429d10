import type { FormattedExecutionResult } from 'graphql';
import { type AnswerType, JSON_TYPE } from './media-type.ts';

const STATUS: Readonly<Record<string, number | undefined>> = {
  UNAUTHENTICATED: 401,
  REAUTHENTICATION_REQUIRED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/**
 * The status of an answer (GraphQL over HTTP, "Status Codes"). With data it is 200, whatever else went wrong. Without,
 * `application/json` still says 200 unless the fault is ours: a proxy could have made any other status, and no client
 * could tell. `application/graphql-response+json` comes from us alone, and says 4xx.
 */
export function answerStatus(type: AnswerType, { data, errors }: FormattedExecutionResult): number {
  if (data !== undefined) return 200;
  const code = errors?.[0]?.extensions?.['code'];
  const status = (typeof code === 'string' ? STATUS[code] : undefined) ?? 400;
  return type === JSON_TYPE && status < 500 ? 200 : status;
}
