import { FAILURES } from './failures.ts';
import { live, search } from './history.ts';

/** Of the code beside it: which laws are broken, by the histories that once did and by so many steps of new ones. */
const [, , steps = '0'] = process.argv;

function broken(): readonly string[] {
  for (const history of FAILURES) {
    const outcome = live(history);
    if (outcome.broken.length > 0) return outcome.broken;
  }
  return search(1, Number(steps)).failure?.broken ?? [];
}

process.stdout.write(JSON.stringify(broken()));
