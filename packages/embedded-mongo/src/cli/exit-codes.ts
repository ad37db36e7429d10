/** Exit codes of the engine's process, so that the one who starts it knows why it ended. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  commitFailed: 70,
  locked: 73,
  portTaken: 74,
  format: 75,
} as const;

/** The process should end with a code and a sentence for people. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, sentence: string) {
    super(sentence);
    this.exitCode = exitCode;
  }
}
