import type { ErrorBody } from '../../daemon/http/contract/common.ts';
import type { Operations } from '../../daemon/http/contract/operations.ts';

type All<Union> = (Union extends unknown ? (it: Union) => void : never) extends (it: infer Each) => void ? Each : never;
/** An overview has a number of instances, where a list has them. */
type Told = Exclude<keyof Operations, 'GET v1/overview' | 'GET v1/region'>;

/** What any answer may have by the contract: a test that reads what is not there finds undefined, and fails. */
export type Body = ErrorBody & All<NonNullable<Operations[Told]['answer']>>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Body;
}

/** What fastify's `inject` gives. */
export function answerOf({ statusCode, headers, body }: Injected): Answer {
  const isJson = String(headers['content-type']).startsWith('application/json');
  return { status: statusCode, headers, text: body, body: isJson ? JSON.parse(body) : null };
}
interface Injected {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}
