/** A setting or an input that cannot be worked with; `message` says what to do next. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}
