import 'reflect-metadata';
import type { Log } from '@7pay/telemetry';
import { type Refused, refuse } from '@7pay/refusals';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { type Connection, connectionOf, PageArgs, pageOf } from '../connection.ts';
import { Allow, entity } from '../access/allow.ts';
import { anybody, only, shownTo } from '../access/rule.ts';
import { defineSubgraph, type Subgraph } from '../define-subgraph.ts';
import { notFound } from '../errors.ts';
import {
  type Answer,
  ControlsStale,
  FunctionClosed,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
} from '../refusal-types.ts';
import { DateScalar, DateTimeScalar, YenScalar } from '../scalars.ts';
import type { Viewer } from '../viewer.ts';

/** What the test put on the shelf, and what it lets go wrong. */
export interface Shelf {
  readonly books: { id: string }[];
  failure: Error | null;
  refusal: Refused | null;
}
interface ShelfContext {
  readonly viewer: Viewer;
  readonly shelf: Shelf;
}

@Directive('@key(fields: "id")')
@ObjectType('Book', { description: 'A book.' })
class Book {
  @Field(() => ID, { description: 'Its id; sorts as it was put there.' })
  id!: string;
}
const BookConnection = connectionOf('Book', () => Book);

@ObjectType({ description: 'It was bought.' })
class Bought {
  @Field(() => YenScalar, { description: 'For how much, yen.' })
  amount!: number;
}
const BuyResult = resultUnion('BuyResult', 'Bought, or why not.', [
  Bought,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  refusalClass('SHELF_EMPTY_2', 'Nothing is there.', {
    short: { type: YenScalar, description: 'How much is missing.' },
  }),
]);

@Resolver()
class ShelfResolver {
  @Allow(only(anybody))
  @Query(() => BookConnection, { description: 'The books.' })
  books(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { shelf }: ShelfContext,
  ): Promise<Connection<{ id: string }>> {
    return pageOf(
      args,
      async ({ limit, after }) => {
        const rest = shelf.books
          .filter(({ id }) => after === null || id > after)
          .sort((a, b) => (a.id < b.id ? -1 : 1));
        return { rows: rest.slice(0, limit), more: rest.length > limit };
      },
      ({ id }) => id,
      (row) => row,
    );
  }

  @Allow(only(anybody))
  @Query(() => YenScalar, { nullable: true, description: 'Fails as the test says.' })
  price(@Ctx() { shelf }: ShelfContext): number {
    if (shelf.failure) throw shelf.failure;
    return 100;
  }

  @Allow(only(anybody))
  @Query(() => DateTimeScalar, { description: 'The instant that was given.' })
  echo(
    @Arg('at', () => DateTimeScalar) at: Date,
    @Arg('day', () => DateScalar, { nullable: true }) _day?: string,
  ): Date {
    return at;
  }

  @Allow(only(anybody))
  @Mutation(() => BuyResult, { description: 'Buys a book.' })
  async buy(
    @Arg('amount', () => YenScalar) amount: number,
    @Ctx() { viewer, shelf }: ShelfContext,
  ): Promise<Answer> {
    const result = shelf.refusal ?? { amount };
    return toAnswer(viewer, result, (bought) => ({ __typename: 'Bought', ...bought }));
  }
}

/** A small subgraph of its own, for tests of what all subgraphs share. */
export function shelfSubgraph(log: Log): { subgraph: Subgraph; shelf: Shelf } {
  const shelf: Shelf = { books: [], failure: null, refusal: null };
  const subgraph = defineSubgraph<ShelfContext>({
    name: 'shelf',
    resolvers: [ShelfResolver],
    references: {
      Book: entity(shownTo(anybody), ({ id }: { id: string }) => {
        const book = shelf.books.find((each) => each.id === id);
        if (id === 'hidden') throw notFound();
        return book ?? null;
      }),
    },
    context: (viewer) => ({ viewer, shelf }),
    log,
  });
  return { subgraph, shelf };
}

/** Nobody in particular. */
export const anonymous = (requestId = 'request-1'): Viewer => ({
  kind: 'anonymous',
  locale: 'en',
  requestId,
  clientId: null,
  scopes: [],
});

/** A refusal that the shelf may give. */
export const shelfEmpty = (short: number): Refused => refuse('SHELF_EMPTY_2', { short });
