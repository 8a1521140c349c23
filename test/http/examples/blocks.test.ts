import { expect, test } from 'vitest';
import { examplesOf } from './blocks.ts';

const fence = (language: string, text: string): string => `Some words.\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;

test('a block of commands is an example, with the answer that stands right below it', () => {
  const document = fence('sh', 'curl a\ncurl b') + fence('http', 'HTTP/1.1 200 OK\n\n{}') + fence('sh', 'curl c');
  expect(examplesOf(document + fence('yaml', 'a: b') + fence('json', '{}'))).toEqual([
    { line: 4, script: 'curl a\ncurl b', answer: 'HTTP/1.1 200 OK\n\n{}' },
    { line: 17, script: 'curl c', answer: null },
  ]);
});

test.each([
  ['commands in a block of another language', fence('bash', 'curl a'), 'line 4: "bash" is not run'],
  ['commands in a block of none', fence('', 'curl a'), 'line 4: "" is not run'],
  ['a command in what is no block of commands', fence('json', 'curl a'), 'line 4: a command in a json block'],
  ['an answer to nothing', fence('http', 'HTTP/1.1 200 OK'), 'line 4: an answer must stand below'],
  [
    'a second answer',
    fence('sh', 'curl a') + fence('http', 'HTTP/1.1 200 OK') + fence('http', 'HTTP/1.1 201 Created'),
    'line 14: an answer must stand below',
  ],
  ['a block without an end', '```sh\ncurl a\n', 'line 2: this block has no end'],
])('%s: nothing is passed over', (_, document, message) => {
  expect(() => examplesOf(document)).toThrow(message);
});
