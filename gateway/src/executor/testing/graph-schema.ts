const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@requires", "@external", "@shareable", "@provides", "@override", "@inaccessible", "@interfaceObject"])\n';

/** The subgraphs of the test graph: each federation feature that the executor has to get right is in here. */
export const SUBGRAPHS: Readonly<Record<string, string>> = {
  people: `${LINK}
    interface Node { id: ID! }
    enum Level { LOW HIGH SECRET @inaccessible }
    input Range { from: Int! = 1, to: Int }
    type Query {
      me: User! user(id: ID!): User users(n: Int = 3): [User!]! within(range: Range = { from: 2 }): [User]!
      pets: [Pet]! node(id: ID!): Node nodes: [Node!]! media: [Media!]! medium(id: ID!): Media
    }
    type Mutation { bump(i: Int!): User broken: User }
    type User implements Node @key(fields: "id") {
      id: ID! name: String! @shareable friends: [User!]! best: User pet: Pet nick: String
      greet(up: Boolean = false): String! comments(limit: Int = 2): [String!]!
      secret: String! @inaccessible home: Home!
    }
    type Home @shareable { city: String! }
    interface Pet { id: ID! petName: String }
    type Dog implements Pet @key(fields: "id") { id: ID! petName: String barks: Boolean! }
    type Cat implements Pet @key(fields: "id") { id: ID! petName: String lives: Int }
    type Ghost implements Pet @inaccessible { id: ID! petName: String }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int! }
    type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int star: User }
    type Wallet implements Node @key(fields: "id") { id: ID! }
    type Merchant implements Node @key(fields: "id") { id: ID! }`,
  money: `${LINK}
    type Query { wallets: [Wallet]! items: [Item] ping: String @shareable featured: Media }
    type Mutation { touch: Wallet }
    type User @key(fields: "id") { id: ID! name: String! @external wallet: Wallet }
    type Wallet @key(fields: "id") {
      id: ID! balance: Int! owner: User! keeper: User @provides(fields: "name") items: [Item]! grid: [[Int!]]
    }
    union Item = Merchant | Gift | Wallet
    type Gift { label: String from: User }
    type Merchant @key(fields: "id") { id: ID! name: String! }
    type Media @interfaceObject @key(fields: "id") { id: ID! price: Int }`,
  scores: `${LINK}
    enum Level { LOW HIGH SECRET @inaccessible }
    type Query { ping: String @shareable top: User }
    type User @key(fields: "id") {
      id: ID! name: String! @external secret: String! @external home: Home! @external
      comments(limit: Int = 2): [String!]! @external
      nick: String @override(from: "people") score: Int! mood: String level: Level!
      tagged: String @requires(fields: "name") hidden: String @requires(fields: "secret")
      summary: String @requires(fields: "comments(limit: 3)") address: String! @requires(fields: "home { city }")
    }
    type Home @shareable { city: String! }
    type Merchant @key(fields: "id") { id: ID! rating: Int! tags: [String!] }
    type Dog @key(fields: "id") { id: ID! age: Int! }
    type Cat @key(fields: "id") { id: ID! age: Int! }
    type Fan { name: String! rank: Int mood: Mood } enum Mood { GLAD CALM }
    type Media @interfaceObject @key(fields: "id") { id: ID! views: Int! fans: [Fan!] }`,
};

/** The same graph as one schema: what its clients see. graphql-js on it says what an answer has to be. */
export const WHOLE = `
  interface Node { id: ID! }
  enum Level { LOW HIGH }
  input Range { from: Int! = 1, to: Int }
  type Query {
    me: User! user(id: ID!): User users(n: Int = 3): [User!]! within(range: Range = { from: 2 }): [User]!
    pets: [Pet]! node(id: ID!): Node nodes: [Node!]! media: [Media!]! medium(id: ID!): Media
    wallets: [Wallet]! items: [Item] ping: String featured: Media top: User
  }
  type Mutation { bump(i: Int!): User broken: User touch: Wallet }
  type User implements Node {
    id: ID! name: String! friends: [User!]! best: User pet: Pet nick: String
    greet(up: Boolean = false): String! comments(limit: Int = 2): [String!]! home: Home! wallet: Wallet
    score: Int! mood: String level: Level! tagged: String hidden: String summary: String address: String!
  }
  type Home { city: String! }
  type Fan { name: String! rank: Int mood: Mood } enum Mood { GLAD CALM }
  interface Pet { id: ID! petName: String }
  type Dog implements Pet { id: ID! petName: String barks: Boolean! age: Int! }
  type Cat implements Pet { id: ID! petName: String lives: Int age: Int! }
  interface Media { id: ID! title: String price: Int views: Int! fans: [Fan!] }
  type Book implements Media { id: ID! title: String pages: Int! price: Int views: Int! fans: [Fan!] }
  type Film implements Media {
    id: ID! title: String minutes: Int star: User price: Int views: Int! fans: [Fan!]
  }
  type Wallet implements Node {
    id: ID! balance: Int! owner: User! keeper: User items: [Item]! grid: [[Int!]]
  }
  union Item = Merchant | Gift | Wallet
  type Gift { label: String from: User }
  type Merchant implements Node { id: ID! name: String! rating: Int! tags: [String!] }`;
