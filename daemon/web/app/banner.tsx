import { silentSince } from '../api/reach.ts';
import { format } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';

/** Always there, so that a screen reader hears when it gets a text. */
export function Banner() {
  const since = silentSince.value;
  return (
    <div class="banner" role="status">
      {since !== null && (
        <p>
          <Icon name="unprotected" />
          {say.value.shell.away({ since: format.value.clock(since) })}
        </p>
      )}
    </div>
  );
}
