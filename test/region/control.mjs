// The file by which a test tells the stand-ins how to behave; they read it afresh at each call.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const KEYS = [
  'prepare_s',
  'building',
  'backup_start_s',
  'backup_s',
  'fail',
  'stuck',
  'silent',
  'swift_down',
  'swift_lost',
  'nova_down',
];

function parsed(pair) {
  const at = pair.indexOf('=');
  const key = pair.slice(0, at);
  if (at < 0 || !KEYS.includes(key)) throw new Error(`"${pair}" is not KEY=JSON; the keys are ${KEYS.join(' ')}`);
  try {
    return [key, JSON.parse(pair.slice(at + 1))];
  } catch {
    throw new Error(`the value of "${pair}" is not JSON`);
  }
}

/** Sets what the pairs say, keeps the rest, and gives all settings. */
export function control(region, pairs) {
  const file = region.file('control.json');
  const settings = { ...JSON.parse(readFileSync(file, 'utf8')), ...Object.fromEntries(pairs.map(parsed)) };
  writeFileSync(`${file}.new`, JSON.stringify(settings));
  renameSync(`${file}.new`, file); // never half a file for a stand-in that reads just now
  return settings;
}
