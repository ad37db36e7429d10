import {
  Allow,
  type Answer,
  type Connection,
  connectionOf,
  DateScalar,
  DateTimeScalar,
  member,
  memberOf,
  only,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import { type Refused, refuse } from '@7pay/refusals';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { WalletCaseType } from '../case/wallet-case.graphql.ts';
import type { WalletCase } from '../case/wallet-case.ts';
import type { WalletContext } from '../context.ts';
import { PaymentType, StoreType } from '../payment/payment-type.graphql.ts';
import { isPayment, type Payment } from '../payment/payment.ts';
import { WalletNotOpen, WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { type Movement, MOVEMENT_KINDS } from './movement.ts';
import { statementCsv } from './statement-csv.ts';
import { statementPdf } from './statement-pdf.ts';
import { monthSpan, type Statement, STATEMENT_ROWS_MOST } from './statement.ts';

const MovementKindEnum = Object.fromEntries(MOVEMENT_KINDS.map((kind) => [kind, kind]));
registerEnumType(MovementKindEnum, {
  name: 'WalletMovementKind',
  description: 'What moved the balance. PAYMENT: also one that was held first. CORRECTION: by us.',
});

@ObjectType('WalletMovement', { description: 'One movement of the balance, from the journal.' })
export class WalletMovementType {
  @Field(() => ID, { description: 'Id of the journal entry.' })
  id!: string;

  @Field(() => MovementKindEnum, { description: 'What it was.' })
  kind!: string;

  @Field(() => Int, { description: 'Whole yen; negative leaves the wallet.' })
  amount!: number;

  @Field(() => YenScalar, { description: 'What was in the wallet after it, yen.' })
  balanceAfter!: number;

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  at!: Date;

  @Field(() => DateScalar, { description: 'The business date it belongs to, Asia/Tokyo.' })
  businessDate!: string;

  @Field(() => ID, { nullable: true, description: 'The top-up, if it is of one.' })
  topUpId!: string | null;
}
const MovementConnection = connectionOf('WalletMovement', () => WalletMovementType);

@ObjectType('WalletStatement', { description: 'What became of a wallet in one month of Japan.' })
class WalletStatementType {
  @Field(() => String, { description: 'The month, YYYY-MM.' })
  month!: string;

  @Field(() => YenScalar, { description: 'The balance when it began, yen.' })
  opening!: number;

  @Field(() => YenScalar, { description: 'The balance when it ended, or now, yen.' })
  closing!: number;
}

@ObjectType({ description: 'The statement, exact to the yen.' })
class StatementGiven {
  @Field(() => WalletStatementType, { description: 'The statement.' })
  statement!: WalletStatementType;
}
const StatementTooLong = refusalClass(
  'STATEMENT_TOO_LONG',
  'The month has more movements than one statement takes.',
  { most: { type: Int, description: 'How many it takes.' } },
);
const StatementResult = resultUnion('WalletStatementResult', 'The statement, or why not.', [
  StatementGiven,
  WalletNotOpen,
  StatementTooLong,
]);

@Resolver(() => WalletType)
export class WalletMovementsResolver {
  @FieldResolver(() => MovementConnection, {
    description: 'All that moved the balance, newest first.',
  })
  movements(
    @Root() { id }: Wallet,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { movementsOf }: WalletContext,
  ): Promise<Connection<Movement>> {
    return pageOf(
      args,
      (page) => movementsOf(id, page),
      ({ seq }) => String(seq),
      (row) => row,
    );
  }
}

@Resolver(() => WalletMovementType)
export class MovementResolver {
  @FieldResolver(() => PaymentType, {
    nullable: true,
    description: 'The payment, if it is of one.',
  })
  async payment(
    @Root() { paymentId }: Movement,
    @Ctx() { paymentById }: WalletContext,
  ): Promise<Payment | null> {
    const record = paymentId === null ? null : await paymentById.load(paymentId);
    return record && isPayment(record) ? record : null;
  }

  @FieldResolver(() => StoreType, { nullable: true, description: 'Where it was, if in a store.' })
  store(@Root() { storeId }: Movement): { id: string } | null {
    return storeId === null ? null : { id: storeId };
  }

  @FieldResolver(() => WalletCaseType, {
    nullable: true,
    description: 'What became of it if the member did not recognise it.',
  })
  async case(
    @Root() { paymentId, topUpId }: Movement,
    @Ctx() { caseOf }: WalletContext,
  ): Promise<WalletCase | null> {
    const subject = paymentId ?? topUpId;
    return subject === null ? null : ((await caseOf.load(subject)) ?? null);
  }
}

@Resolver(() => WalletStatementType)
export class StatementResolver {
  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => StatementResult, {
    description: `The statement of one month for the member who asks, at most ${STATEMENT_ROWS_MOST} movements.`,
  })
  async statement(
    @Arg('month', () => String, { description: 'YYYY-MM, from 2019-01, Asia/Tokyo.' })
    month: string,
    @Ctx() { viewer, wallets, statementOf }: WalletContext,
  ): Promise<Answer> {
    const span = monthSpan(month);
    const wallet = await wallets.findByMember(memberOf(viewer).memberId);
    const result: Statement | Refused = wallet
      ? await statementOf(wallet.id, span)
      : refuse('WALLET_NOT_OPEN');
    return toAnswer(viewer, result, (statement) => ({ __typename: 'StatementGiven', statement }));
  }

  @Directive('@cost(weight: 20)')
  @FieldResolver(() => String, {
    description: 'The statement as a CSV file: UTF-8 with BOM, CRLF, in the caller’s language.',
  })
  async csv(
    @Root() statement: Statement,
    @Ctx() { viewer, storeNames }: WalletContext,
  ): Promise<string> {
    return statementCsv(statement, await storeNames(statement), viewer.locale);
  }

  @Directive('@cost(weight: 100)')
  @FieldResolver(() => String, {
    description: 'The statement as a PDF file, base64, in the caller’s language.',
  })
  async pdf(
    @Root() statement: Statement,
    @Ctx() { viewer, storeNames }: WalletContext,
  ): Promise<string> {
    const names = await storeNames(statement);
    return (await statementPdf(statement, names, viewer.locale)).toString('base64');
  }
}
