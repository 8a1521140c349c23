/** A block of commands in a document, with what the document says they answer. */
export interface Example {
  /** Of the block's first command, from 1. */
  readonly line: number;
  readonly script: string;
  /** What stands in the `http` block below it; null where it shows none, and so means any success. */
  readonly answer: string | null;
}

interface Block {
  readonly language: string;
  readonly line: number;
  readonly text: string;
}

/** Not commands, and not the answer to any. */
const OTHERS: ReadonlySet<string> = new Set(['json', 'yaml']);

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^\s*(```|~~~)(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (!open) open = { language: fence[2]?.trim() ?? '', line: index + 2, lines: [] };
    else {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = null;
    }
  }
  if (open) throw new Error(`line ${open.line}: this block has no end`);
  return blocks;
}

/** A document's examples in its order. Throws where a block may be one that nobody could run, so that none is passed over. */
export function examplesOf(markdown: string): readonly Example[] {
  const examples: Example[] = [];
  let before = '';
  for (const { language, line, text } of blocksOf(markdown)) {
    const last = examples.at(-1);
    if (language === 'sh') examples.push({ line, script: text, answer: null });
    else if (language === 'http' && before === 'sh' && last) examples.splice(-1, 1, { ...last, answer: text });
    else if (language === 'http')
      throw new Error(`line ${line}: an answer must stand below the sh block that it answers`);
    else if (!OTHERS.has(language))
      throw new Error(`line ${line}: "${language}" is not run; commands are in sh blocks`);
    else if (/\bcurl\b/.test(text))
      throw new Error(`line ${line}: a command in a ${language} block is not run; use sh`);
    before = language;
  }
  return examples;
}
