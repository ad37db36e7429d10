import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { Directive } from 'type-graphql';
import { badUserInput } from './errors.ts';

const LARGEST_PAGE = 100;

/** Arguments of a list: how many, and behind which cursor. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    defaultValue: 20,
    description: `How many, 1 to ${LARGEST_PAGE}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The cursor behind which the page begins.' })
  after?: string | null;
}

@Directive('@shareable')
@ObjectType({ description: 'Where a page ends and whether more follows (Relay).' })
class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Give this as `after` for the next page.' })
  endCursor!: string | null;
}

/** A page as a store returns it: the rows of this page, and whether more follows. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

/** A page as the graph shows it. */
export interface Connection<Node> {
  readonly edges: readonly { node: Node; cursor: string }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

type NodeClass = abstract new (...args: never[]) => object;

/** Makes the connection type `<name>Connection` of a node type. Call it once per node type. */
export function connectionOf(name: string, node: () => NodeClass): new () => Connection<object> {
  @Directive('@shareable')
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page, with its cursor.` })
  class Edge {
    @Field(node, { description: `The ${name}.` })
    node!: object;

    @Field(() => String, { description: 'Its place in the list.' })
    cursor!: string;
  }

  @Directive('@shareable')
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name} (Relay).` })
  class NodeConnection implements Connection<object> {
    @Field(() => [Edge], { description: 'The page with a cursor for each.' })
    edges!: Edge[];

    @Field(() => [node()], { description: 'The page alone.' })
    nodes!: object[];

    @Field(() => PageInfo, { description: 'Whether more follows, and behind which cursor.' })
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/**
 * Checks the arguments, asks for the page and turns it into a connection. A cursor is opaque to callers; it
 * holds the sort key of a row, so that pages stay right while rows are added.
 * @throws BAD_USER_INPUT for a page of less than 1 or more than 100, or a cursor that is not ours
 */
export async function pageOf<Row, Node>(
  args: PageArgs,
  fetch: (page: { limit: number; after: string | null }) => Promise<Page<Row>>,
  sortKey: (row: Row) => string,
  toNode: (row: Row) => Node,
): Promise<Connection<Node>> {
  if (args.first < 1 || args.first > LARGEST_PAGE) {
    throw badUserInput(`first: 1 to ${LARGEST_PAGE} is expected`);
  }
  const after = args.after ? decodeCursor(args.after) : null;
  const { rows, more } = await fetch({ limit: args.first, after });
  const edges = rows.map((row) => ({ node: toNode(row), cursor: encodeCursor(sortKey(row)) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: { hasNextPage: more, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

const encodeCursor = (key: string): string => Buffer.from(`c1.${key}`).toString('base64url');

/** The sort key inside a cursor. @throws BAD_USER_INPUT */
export function decodeCursor(cursor: string): string {
  const text = cursor.length <= 200 ? Buffer.from(cursor, 'base64url').toString() : '';
  if (!text.startsWith('c1.')) throw badUserInput('after: this is not a cursor of ours');
  return text.slice(3);
}
