/**
 * What a rule of the PostgreSQL extension fundb sees beside ECMAScript itself.
 *
 * Use it in an editor: put `/// <reference path="fundb.d.ts" />` on top of a module, or install the
 * folder as a package and name it in `compilerOptions.types`.  docs/api.md tells the same with
 * examples; docs/triggers.md is about the handler.
 */

/** A table, view or partitioned table by its exact name. */
interface EntityRef {
  schema: string;
  name: string;
}

/** A value as it goes in and comes out; docs/types.md lists what each SQL type takes and gives. */
type Value = unknown;

/** Fields by name. `undefined` is the same as leaving the field out. */
type Fields = Record<string, Value>;

/** The key of a row: the value of a primary key of one field, an object of the fields of another. */
type Key = number | string | bigint | boolean | Date | Uint8Array | Record<string, Value>;

/** Names one row: by its key, or by a unique constraint or index and the values of its fields. */
type RowKey = Key | { alt: string; keys: Fields };

/** `id` is null when a BEFORE rule cancelled the row, or when the entity has no primary key. */
interface Entry {
  id: Key | null;
}

// ---- the handler -------------------------------------------------------------------------------

interface InsertSource {
  type: 'insert';
  /** Null before the row is written. */
  newId: Key | null;
}

interface UpdateSource {
  type: 'update';
  id: Key;
}

interface DeleteSource {
  type: 'delete';
  id: Key;
}

interface TriggerEvent {
  readonly entity: EntityRef;
  readonly time: 'BEFORE' | 'AFTER';
  readonly source: InsertSource | UpdateSource | DeleteSource;
  /** The complete row before the change; undefined for an insert. Not enumerable. */
  readonly old?: Readonly<Fields>;
  /** The complete row after the change; undefined for a deletion. Not enumerable. */
  readonly new?: Readonly<Fields>;
  /** The second argument of the handler, plus `newId` after an insert. Not enumerable. */
  readonly args?: Fields;
}

/**
 * The default export of a rule. A BEFORE rule answers `true` (go on), `false` (skip the row) or, for
 * an insert or update, an object that replaces the args. The answer of an AFTER rule is ignored.
 */
type TriggerHandler = (
  event: TriggerEvent,
  args: Fields | undefined,
) => boolean | Fields | void | Promise<boolean | Fields | void>;

// ---- user views --------------------------------------------------------------------------------

type UserViewSource =
  | { type: 'anonymous'; query: string }
  | { type: 'named'; ref: EntityRef }
  | { type: 'named'; schema: string; name: string };

/** A page of a result. */
interface Chunk {
  limit?: number;
  offset?: number;
  /** A condition over the result's columns, with arguments of its own. */
  where?: { expression: string; arguments?: Record<string, { type: string; value: Value }> };
  /** Words that must all be found, each in some column. */
  search?: string;
}

/** `{type: 'int'}`, `{type: 'reference', entity}`, `{type: 'enum', values}`, `{type: 'array', subtype}`. */
interface FieldType {
  type: string;
  entity?: EntityRef;
  values?: string[];
  subtype?: FieldType;
}

interface FieldInfo {
  fieldType: FieldType;
  valueType: FieldType;
  isNullable: boolean;
  isImmutable: boolean;
}

interface ResultColumnInfo {
  name: string;
  attributeTypes: Record<string, FieldType>;
  cellAttributeTypes: Record<string, FieldType>;
  valueType: FieldType;
  /** Of a reference: the type of what stands for the row in front of people. */
  punType?: FieldType;
  /** The field of the main entity that the column is. */
  mainField?: { name: string; field: FieldInfo };
}

interface UserViewInfo {
  attributeTypes: Record<string, FieldType>;
  rowAttributeTypes: Record<string, FieldType>;
  arguments: {
    name: string;
    argType: FieldType;
    optional: boolean;
    defaultValue?: string;
    attributeTypes: Record<string, FieldType>;
  }[];
  domains: Record<string, Record<string, { ref: { entity: EntityRef; name: string }; field: FieldInfo; idColumn: number }>>;
  mainEntity?: { entity: EntityRef; forInsert: boolean };
  columns: ResultColumnInfo[];
  /** SHA-1 of the query's text. */
  hash: string;
}

interface ResultCell {
  value: Value;
  /** Of a reference that is not null: the main field of the row it means. */
  pun?: Value;
  attributes?: Record<string, Value>;
}

interface ResultRow {
  /** In the order of `info.columns`. */
  values: ResultCell[];
  domainId?: number;
  /** The rows that plain columns come from. `subEntity`: the table of an inheritance tree. */
  entityIds?: Record<string, { id: Key; subEntity?: EntityRef }>;
  /** The key of the main entity's row, where the query has one. */
  mainId?: Key;
  /** The table that row is stored in, where the main entity has inheritance children. */
  mainSubEntity?: EntityRef;
  attributes?: Record<string, Value>;
}

interface UserViewResult {
  info: UserViewInfo;
  result: {
    attributes: Record<string, Value>;
    columnAttributes: Record<string, Value>[];
    argumentAttributes: Record<string, Record<string, Value>>;
    rows: ResultRow[];
  };
}

interface UserViewInfoResult {
  info: UserViewInfo;
  constAttributes: Record<string, Value>;
  constColumnAttributes: Record<string, Value>[];
  constArgumentAttributes: Record<string, Record<string, Value>>;
}

// ---- other results -----------------------------------------------------------------------------

interface EntityInfo {
  columnFields: Record<
    string,
    FieldInfo & {
      access: { select: boolean; insert: boolean; update: boolean };
      hasUpdateTriggers: boolean;
    }
  >;
  computedFields: Record<string, never>;
  uniqueConstraints: Record<string, { fields: string[]; isAlternateKey: boolean }>;
  /** The fields of the primary key. */
  key: string[];
  mainField?: string;
  children: { ref: EntityRef; direct: boolean }[];
  root: EntityRef;
  isAbstract: boolean;
  isFrozen: boolean;
  access: { select: boolean; insert: boolean; update: boolean; delete: boolean };
  hasInsertTriggers: boolean;
  hasUpdateTriggers: boolean;
  hasDeleteTriggers: boolean;
}

interface RelatedEntries {
  nodes: {
    entity: EntityRef;
    id: Key | null;
    references: {
      field: { entity: EntityRef; name: string };
      /** Index into `nodes`: the row that refers to this one. */
      row: number;
      deleteAction: 'noAction' | 'cascade' | 'setNull' | 'setDefault';
    }[];
  }[];
  /** Index into `nodes`: the row that was asked about. */
  root: number;
}

interface DomainValues {
  values: { value: Value; pun?: Value }[];
  punType?: FieldType;
  hash?: string;
}

// ---- the API -----------------------------------------------------------------------------------

interface FunDBApi {
  /** Runs a query of the query language, or a named view of public.user_views. */
  getUserView(source: UserViewSource, args?: Fields | null, chunk?: Chunk | null): Promise<UserViewResult>;
  /** The description of a view's result, without running it. */
  getUserViewInfo(source: UserViewSource): Promise<UserViewInfoResult>;
  /** The layout of an entity. */
  getEntityInfo(ref: EntityRef): Promise<EntityInfo>;

  insertEntry(ref: EntityRef, fields: Fields): Promise<Entry>;
  insertEntries(ref: EntityRef, rows: Fields[]): Promise<{ entries: Entry[] }>;
  updateEntry(ref: EntityRef, id: RowKey, fields: Fields): Promise<Entry>;
  /** Each row names itself by `id`; the other members are the fields to change. */
  updateEntries(ref: EntityRef, rows: ({ id: RowKey } & Fields)[]): Promise<{ entries: Entry[] }>;
  deleteEntry(ref: EntityRef, id: RowKey): Promise<void>;
  deleteEntries(ref: EntityRef, ids: RowKey[]): Promise<void>;

  /** Which rows refer to a row, which to those, and so on. */
  getRelatedEntries(ref: EntityRef, id: RowKey): Promise<RelatedEntries>;
  /** Deletes a row together with the rows that would stop that, theirs first. */
  recursiveDeleteEntry(ref: EntityRef, id: RowKey): Promise<RelatedEntries>;

  /** Runs an INSERT, UPDATE or DELETE of the query language; the number of rows written. */
  runCommand(query: string, args?: Fields | null): Promise<number>;
  /** Constraints that are DEFERRABLE wait until `fn` is done, at the latest until the rule is. */
  deferConstraints<T>(fn: () => T | Promise<T>): Promise<T>;
  /** Calls made by `fn` run as another role; 'root' is the owner of the rule. */
  pretendRole<T>(role: string | { schema?: string; name: string }, fn: () => T | Promise<T>): Promise<T>;
  /** What a field that is a reference or an enum may hold. */
  getDomainValues(
    fieldRef: { entity: EntityRef; name: string },
    rowId?: RowKey | null,
    chunk?: Chunk | null,
  ): Promise<DomainValues>;

  /** Writes a line of JSON to the server's log, at once and whatever becomes of the transaction. */
  writeEvent(details: Value): void;
  /** Writes a row of fundb.events, part of the transaction. */
  writeEventSync(details: Value): Promise<void>;
  /** Throws: ends the statement with SQLSTATE P0001, unless somebody catches it. */
  cancelWith(userData: Value, message?: string): never;

  /** @deprecated The old name of insertEntry; gives the bare key. */
  insertEntity(ref: EntityRef, fields: Fields): Promise<Key | null>;
  /** @deprecated The old name of insertEntries; gives the bare keys. */
  insertEntities(ref: EntityRef, rows: Fields[]): Promise<(Key | null)[]>;
  /** @deprecated The old name of updateEntry; gives the bare key. */
  updateEntity(ref: EntityRef, id: RowKey, fields: Fields): Promise<Key | null>;
  /** @deprecated The old name of deleteEntry. */
  deleteEntity(ref: EntityRef, id: RowKey): Promise<void>;
  /** @deprecated The old name of getRelatedEntries. */
  getRelatedEntities(ref: EntityRef, id: RowKey): Promise<RelatedEntries>;
  /** @deprecated The old name of recursiveDeleteEntry. */
  recursiveDeleteEntity(ref: EntityRef, id: RowKey): Promise<RelatedEntries>;
}

type ErrorKind =
  | 'call' | 'request' | 'argument' | 'entryNotFound' | 'notFound' | 'accessDenied' | 'roleNotFound'
  | 'foreignKey' | 'uniqueConstraint' | 'checkConstraint' | 'execution' | 'exception' | 'trigger'
  | 'transaction' | 'other';

/** The error as the original's plain object. */
interface ErrorBody {
  error?: ErrorKind;
  message?: string;
  inner?: ErrorBody;
  argument?: string;
  operation?: number;
  schema?: string;
  name?: string;
  userData?: Value;
  field?: { entity: EntityRef; name: string };
  constraint?: { entity: EntityRef; name: string };
  [key: string]: unknown;
}

/** What every call of FunDB rejects with. The properties of `body` are copied onto the error. */
declare class FunDBError extends Error {
  constructor(body: ErrorBody);
  readonly body: ErrorBody;
  error?: ErrorKind;
  inner?: ErrorBody;
  /** Of kind 'argument': the argument or field. */
  argument?: string;
  /** Of kind 'transaction': the index of the row that failed. */
  operation?: number;
  /** What the rule that failed attached to its error. */
  userData?: any;
  /** PostgreSQL's own fields, as strings; in an error of kind 'trigger', `schema` is the rule's. */
  sqlstate?: string;
  detail?: string;
  hint?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
}
declare const OzmaDBError: typeof FunDBError;
type OzmaDBError = FunDBError;

declare const FunDB: Readonly<FunDBApi>;
/** The same object. */
declare const OzmaDB: Readonly<FunDBApi>;

/** The UTC calendar date of a Date: 'YYYY-MM-DD'. */
declare function formatDate(date: Date): string;
declare function renderDate(date: Date): string;
/** A quoted name for query text. */
declare function formatFunQLName(name: string): string;
declare function formatOzmaQLName(name: string): string;
declare function renderFunQLName(name: string): string;
/** A value as a literal for query text; arguments are the better way. */
declare function formatFunQLValue(value: Value): string;
declare function formatOzmaQLValue(value: Value): string;
declare function renderFunQLValue(value: Value): string;

/** Messages to the client and the server's log: DEBUG1, NOTICE, NOTICE, WARNING, WARNING. */
declare const console: {
  debug(...values: unknown[]): void;
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
