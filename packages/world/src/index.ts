export { answerParty, type PartyCall, type PartyReply } from './answer-party.ts';
export { askParty, type PartyAnswer, type PartySettings } from './ask-party.ts';
export { type Delivery, httpMessenger, type Message, type Messenger } from './messenger.ts';
export { signMessage, verifyMessage } from './signature.ts';
