import { refusalClass, resultUnion, SecondPersonRequired } from '@7pay/graphql';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { ClientType } from './clients.graphql.ts';

@ObjectType({ description: 'A client with a secret that was just made.' })
class ClientSecretMade {
  @Field(() => ClientType, { description: 'The client.' })
  client!: ClientType;

  @Field(() => String, {
    nullable: true,
    description: 'The secret. It is shown this once; null for a client that has a key instead.',
  })
  secret!: string | null;
}

@Directive('@tag(name: "internal")')
@ObjectType({
  description: 'The client as it now stands; `proposal` tells if a second one has to act.',
})
class ClientChanged {
  @Field(() => ClientType, { description: 'As it now stands.' })
  client!: ClientType;
}

@ObjectType({ description: 'One secret works now.' })
class OldClientSecretEnded {
  @Field(() => ClientType, { description: 'The client as it now stands.' })
  client!: ClientType;
}

const ClientNameInvalid = refusalClass('CLIENT_NAME_INVALID', 'A name is missing or too long.', {
  max: { type: Int, description: 'How many characters it may have.' },
});
const RedirectUriInvalid = refusalClass(
  'REDIRECT_URI_INVALID',
  'A redirect URI cannot be registered; the sentence says why.',
  {
    uri: { type: String, description: 'Which.' },
    problem: { type: String, description: 'A code for what is wrong, such as `SCHEME`.' },
  },
);
const ClientKeysInvalid = refusalClass('CLIENT_KEYS_INVALID', 'The public keys cannot be read.');
const TooManyClients = refusalClass(
  'TOO_MANY_CLIENTS',
  'The person registered as many as may be.',
  {
    max: { type: Int, description: 'How many one person may register.' },
  },
);
const ClientNotFound = refusalClass('CLIENT_NOT_FOUND', 'There is no such client.');
const ClientNotInThisState = refusalClass(
  'CLIENT_NOT_IN_THIS_STATE',
  'The client is in a state in which this is not done.',
);
const ClientKeptElsewhere = refusalClass(
  'CLIENT_KEPT_ELSEWHERE',
  'The client is kept in the settings, or by the pairing of terminals.',
);
const ClientOfOperators = refusalClass(
  'CLIENT_OF_OPERATORS',
  'The client is that of the operators’ console, which is not suspended.',
);
const ClientHasNoSecret = refusalClass(
  'CLIENT_HAS_NO_SECRET',
  'The client proves itself by a key or a certificate.',
);
/** What registering an app gives. */
export const RegisterClientResult = resultUnion('RegisterClientResult', 'The client, or why not.', [
  ClientSecretMade,
  ClientNameInvalid,
  RedirectUriInvalid,
  ClientKeysInvalid,
  TooManyClients,
]);
/** What making a secret anew gives. */
export const RotateClientSecretResult = resultUnion(
  'RotateClientSecretResult',
  'The secret, or why not.',
  [ClientSecretMade, ClientNotFound, ClientNotInThisState, ClientKeptElsewhere, ClientHasNoSecret],
);
/** What ending the secret before gives. */
export const EndOldClientSecretResult = resultUnion(
  'EndOldClientSecretResult',
  'The client with one secret, or why not.',
  [OldClientSecretEnded, ClientNotFound, ClientNotInThisState, ClientKeptElsewhere],
);
/** What a change of a client gives. */
export const ChangeClientResult = resultUnion('ChangeClientResult', 'The client, or why not.', [
  ClientChanged,
  ClientNotFound,
  ClientNotInThisState,
  ClientKeptElsewhere,
  ClientOfOperators,
  RedirectUriInvalid,
  SecondPersonRequired,
]);
