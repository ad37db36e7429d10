/** A request to the graph, without what says who asks. */
export interface GraphRequest extends RequestInit {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request. */
export type Send = (address: string, request: GraphRequest) => Promise<Response>;

/** Gets ready to send as whoever is signed in, which may take a renewal; for nobody, to send without credentials. */
export type Sender = () => Promise<Send>;

/** Sends as nobody. */
export const sendPlainly: Send = (address, request) => fetch(address, request);

/** Sends with a bearer token, where there is one. */
export const bearerSender =
  (token: () => Promise<string | null>, send: Send = sendPlainly): Sender =>
  async () => {
    const given = await token();
    if (given === null) return send;
    const authorization = `Bearer ${given}`;
    return (address, request) =>
      send(address, { ...request, headers: { ...request.headers, authorization } });
  };
