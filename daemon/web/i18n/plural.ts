type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

const RULES = { en: new Intl.PluralRules('en'), vi: new Intl.PluralRules('vi') };
const NUMBERS = { en: new Intl.NumberFormat('en'), vi: new Intl.NumberFormat('vi') };

/** `1 instance`, `2,000 instances`: the form that the language has for the number, with the number written its way. */
export function plural(language: keyof typeof RULES, n: number, forms: Forms): string {
  const form = forms[RULES[language].select(n)] ?? forms.other;
  return form.replace('#', NUMBERS[language].format(n));
}
