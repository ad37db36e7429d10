export { consume, type Consumer, type DomainEvent, HandlerClosed } from './event.ts';
export { eventFeed, type Feed, openOutbox, type Outbox, prepareEvents } from './outbox.ts';
export { type Inbox, openInbox } from './inbox.ts';
export { type Relay, startRelay } from './relay.ts';
