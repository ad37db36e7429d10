/** What a refusal tells besides its code: amounts, instants, names. Never a secret, never a person's data. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** An expected *no*: a value that a use case returns, never an exception. */
export interface Refused<Code extends string = string> {
  readonly refused: Code;
  readonly facts: Facts;
}

/** Says no, with the code that names the reason and the facts that help the person. */
export function refuse<const Code extends string>(code: Code, facts: Facts = {}): Refused<Code> {
  return { refused: code, facts };
}

/** Whether the answer of a use case is a refusal. */
export function isRefused<Answer>(answer: Answer): answer is Extract<Answer, Refused> {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
