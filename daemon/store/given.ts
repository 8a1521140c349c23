/**
 * A parameter, such that SQLite's planner does not look at its value. Else a statement with a join, an order, a grouping or a
 * limit is compiled anew whenever its parameters are bound, since other values might want another plan; that takes several
 * times as long as to carry it out. For what loops ask again and again.
 */
export const given = (name: `@${string}` | '?'): string => `(SELECT ${name})`;
