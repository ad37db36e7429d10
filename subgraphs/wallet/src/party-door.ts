import { createServer, type RequestListener } from 'node:http';
import { closeServer, listen } from '@7pay/graphql';

/** Where parties outside reach the wallet by themselves: a port of its own, signed requests only. */
export interface PartyDoor {
  readonly port: number;
  /** Says who answers; until then whoever comes is asked to come again. */
  readonly mount: (listener: RequestListener) => void;
  close(): Promise<void>;
}

/** Opens the door on a port of loopback; 0 takes a free one. */
export async function openPartyDoor(port: number): Promise<PartyDoor> {
  let answer: RequestListener = (_request, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end();
  };
  const server = createServer((request, response) => answer(request, response));
  return {
    port: await listen(server, port, 'PARTY_DOOR_PORT'),
    mount: (listener) => {
      answer = listener;
    },
    close: () => closeServer(server),
  };
}
