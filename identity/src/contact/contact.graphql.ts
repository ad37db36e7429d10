import {
  Allow,
  type Answer,
  DateTimeScalar,
  member,
  memberOf,
  only,
  owner,
  refusalClass,
  resultUnion,
  shownTo,
  StepUpRequired,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { type IdentityContext, MemberType } from '../account/member.graphql.ts';
import { FRESH_LOGIN_SECONDS } from '../login/passkey.ts';
import { weakLogin } from '../second-factor/weak-login.ts';
import { type Contact, maskedAddress } from './contact.ts';
import { contactId } from './manage-contacts.ts';

/** The ways to reach a member, as the graph names them. */
export const ContactChannel = { MAIL: 'mail', SMS: 'sms' } as const;
registerEnumType(ContactChannel, {
  name: 'ContactChannel',
  description: 'A way to reach a member.',
  valuesConfig: {
    MAIL: { description: 'A mail address.' },
    SMS: { description: 'A mobile telephone in Japan.' },
  },
});

@ObjectType('MemberContact', { description: 'Where a member can be reached, masked.' })
class MemberContact {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ContactChannel, { description: 'The way.' })
  channel!: Contact['channel'];

  @Field(() => String, { description: 'The address, masked: enough to know one’s own.' })
  address!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When a code that was sent there came back; null until then, and nothing else is sent there.',
  })
  verifiedAt!: Date | null;
}

@InputType({ description: 'A contact to add.' })
class AddContactInput {
  @Field(() => ContactChannel, { description: 'The way.' })
  channel!: Contact['channel'];

  @Field(() => String, { description: 'One mail address, or one number of a mobile telephone.' })
  address!: string;
}

@ObjectType({ description: 'The contact as it stands.' })
class ContactKept {
  @Field(() => MemberContact, { description: 'The contact.' })
  contact!: MemberContact;
}

@ObjectType({ description: 'The contact is gone.' })
class ContactRemoved {
  @Field(() => ID, { description: 'The id it had.' })
  contactId!: string;
}

/** Shared by everything that takes an address. */
export const MailInvalid = refusalClass('MAIL_INVALID', 'This is no mail address.');
/** Shared by everything that takes a telephone. */
export const PhoneInvalid = refusalClass('PHONE_INVALID', 'This is no mobile telephone in Japan.');
const TooManyContacts = refusalClass('TOO_MANY_CONTACTS', 'No more contacts can be kept.', {
  max: { type: Int, description: 'How many can be kept.' },
});
const ContactNotFound = refusalClass('CONTACT_NOT_FOUND', 'The member has no such contact.');
const LastContact = refusalClass('LAST_CONTACT', 'The last confirmed contact stays.');
const OneTimeCodeFailed = refusalClass(
  'ONE_TIME_CODE_FAILED',
  'The code is not right, or not any more.',
);
const MessageLimitReached = refusalClass(
  'MESSAGE_LIMIT_REACHED',
  'No more messages go there for now.',
);
const MessageNotSent = refusalClass('MESSAGE_NOT_SENT', 'The carrier did not take the message.');

const AddContactResult = resultUnion('AddContactResult', 'The contact, or why not.', [
  ContactKept,
  MailInvalid,
  PhoneInvalid,
  TooManyContacts,
  MessageLimitReached,
  MessageNotSent,
  StepUpRequired,
]);
const ConfirmContactResult = resultUnion('ConfirmContactResult', 'The contact, or why not.', [
  ContactKept,
  ContactNotFound,
  OneTimeCodeFailed,
  StepUpRequired,
]);
const RemoveContactResult = resultUnion('RemoveContactResult', 'What is gone, or why not.', [
  ContactRemoved,
  ContactNotFound,
  LastContact,
]);

const shown = (contact: Contact): MemberContact => ({
  id: contactId(contact),
  channel: contact.channel,
  address: maskedAddress(contact.channel, contact.address),
  verifiedAt: contact.verifiedAt,
});
const FRESH = { freshSeconds: FRESH_LOGIN_SECONDS };

@Resolver(() => MemberType)
export class ContactResolver {
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 6)')
  @Allow(shownTo(owner('account', 1)), ({ id }: MemberType) => ({ memberId: id }))
  @FieldResolver(() => [MemberContact], {
    nullable: true,
    description: 'Where the member can be reached, oldest first; only the member is shown it.',
  })
  async contacts(@Root() { id }: MemberType, @Ctx() { contactsOf }: IdentityContext) {
    return ((await contactsOf.load(id))?.contacts ?? []).map(shown);
  }

  @Allow(only(member('account', FRESH)))
  @Mutation(() => AddContactResult, {
    description:
      'Notes a contact and sends a code there, for a factor shown in the last five minutes; for a member without one for a login that shows a code by mail, and any login where no code reaches them. Again sends another code.',
  })
  async addMyContact(
    @Arg('input', () => AddContactInput) input: AddContactInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const { viewer, account } = context;
    const own = memberOf(viewer);
    const { memberId, locale } = own;
    const weak = await weakLogin(own, context);
    const result = weak ?? (await account.contacts.add({ memberId, locale }, input));
    return toAnswer(viewer, result, (contact) => ({
      __typename: 'ContactKept',
      contact: shown(contact),
    }));
  }

  @Allow(only(member('account')))
  @Mutation(() => ConfirmContactResult, {
    description:
      'The code that was sent to a contact has come back, with what `addMyContact` asks for. The contacts before are told.',
  })
  async confirmMyContact(
    @Arg('id', () => ID) id: string,
    @Arg('code', () => String) code: string,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const { viewer, account } = context;
    const own = memberOf(viewer);
    const { memberId, locale } = own;
    // Asked here too: a contact that was noted before the member had a second factor may have waited.
    const weak = await weakLogin(own, context);
    const result = weak ?? (await account.contacts.confirm({ memberId, locale }, { id, code }));
    return toAnswer(viewer, result, (contact) => ({
      __typename: 'ContactKept',
      contact: shown(contact),
    }));
  }

  @Allow(only(member('account', { ...FRESH, acr: 2 })))
  @Mutation(() => RemoveContactResult, {
    description:
      'Takes a contact away, for a second factor shown in the last five minutes. All contacts are told.',
  })
  async removeMyContact(
    @Arg('id', () => ID) id: string,
    @Ctx() { viewer, account }: IdentityContext,
  ): Promise<Answer> {
    const { memberId } = memberOf(viewer);
    const result = await account.contacts.remove({ memberId, locale: viewer.locale }, id);
    return toAnswer(viewer, result, () => ({ __typename: 'ContactRemoved', contactId: id }));
  }
}
