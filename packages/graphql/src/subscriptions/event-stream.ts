/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

/** One server-sent event. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  readonly id?: string | undefined;
  /** Milliseconds after which to come back, should the stream end. */
  readonly retryMs?: number | undefined;
}

/** An event as text. Data that is JSON has no line ends; nothing else is sent here. */
export function eventText({ event, data, id, retryMs }: ServerSentEvent): string {
  const head = id === undefined ? '' : `id: ${id}\n`;
  const retry = retryMs === undefined ? '' : `retry: ${retryMs}\n`;
  return `${head}${retry}event: ${event}\ndata: ${data}\n\n`;
}

/** What says that the stream lives: nothing happens, but the place to come back to moves on. */
export const heartbeatText = (id: string | undefined): string =>
  id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`;

/** What arrived: an event, or only a place. */
export interface ReceivedEvent {
  readonly event: string;
  readonly data: string | undefined;
  readonly id: string | undefined;
}

/** A stream says what no stream of ours says. */
export class EventStreamFault extends Error {
  override readonly name = 'EventStreamFault';
}

const LONGEST = 10_000_000;

/**
 * Reads server-sent events (WHATWG HTML §9.2) from the pieces of a body in UTF-8.
 * @throws EventStreamFault when one of them is too long
 */
export function eventReader(): (piece: Uint8Array) => ReceivedEvent[] {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  let event = '';
  let id: string | undefined;
  let isNews = false;

  const line = (text: string): ReceivedEvent | undefined => {
    if (text === '') {
      const made = { event, data: data.length > 0 ? data.join('\n') : undefined, id };
      const isEvent = isNews;
      data = [];
      event = '';
      isNews = false;
      return isEvent ? made : undefined;
    }
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(text) ?? [];
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
    if (name === 'id') id = value;
    isNews ||= name === 'data' || name === 'id' || name === '';
    return undefined;
  };
  return (piece) => {
    rest += decoder.decode(piece, { stream: true });
    if (rest.length > LONGEST) throw new EventStreamFault('an event is too long');
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    return lines.flatMap((each) => line(each) ?? []);
  };
}
