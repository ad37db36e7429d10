/** A document that somebody is known to ask. A supergraph that cannot answer it is not activated. */
export interface RegisteredDocument {
  /** Who asks and what, such as `wallet/Home`. */
  readonly name: string;
  readonly text: string;
}
