import { chooseLanguage, LANGUAGES, type Language, language, say } from '../i18n/language.ts';
import { Select } from '../ui/index.ts';
import { chooseTheme, THEMES, type Theme, theme } from './theme.ts';

/** Language and colours, here and before one has signed in. */
export function Choices() {
  const { shell } = say.value;
  const languages = (Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, text: LANGUAGES[value] }));
  const themes = THEMES.map((value: Theme) => ({ value, text: shell.themes[value] }));
  return (
    <div class="choices">
      <Select label={shell.language} value={language.value} options={languages} onChange={chooseLanguage} />
      <Select label={shell.theme} value={theme.value} options={themes} onChange={chooseTheme} />
    </div>
  );
}
