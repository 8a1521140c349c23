export type { NotificationEvent, ParseResult, Refusal } from './event.ts';
export { type ParseOptions, parseNotification } from './parse.ts';
