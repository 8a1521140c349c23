import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest: begun last, one of them would go on alone while every other worker is idle. */
const LONG = [
  ...['page/pictures', 'line/simulator', 'demo/run', 'model/mutations', 'cli/store-lost', 'intake/consumer-loss'],
  ...['engine/retention', 'engine/walk', 'cli/serve', 'page/instances', 'page/policies', 'page/instance/editor'],
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
  return place < 0 ? LONG.length : place;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
